import { given } from "../given";
import { once } from "../once";
import { createLifecycle, type Lifecycle, type LifecycleOptions } from "../psk/lifecycle";
import type { OpenOptions } from "./cloudflare-tunnels";
import { readSettings, type Settings } from "./settings";
import { sleep as uncancelledSleep } from "./sleep";

/** What differs between the kinds of provider. */
export interface ConfigureOptions extends OpenOptions, Pick<LifecycleOptions, "announce" | "requireEngine" | "claims"> {
  /** Takes a line about the whole configuration that the user should read. */
  readonly tell: (line: string) => void;
  /** Takes a warning about the whole configuration. Default: as any other line. */
  readonly warn?: (line: string) => void;
}

/**
 * Creates the lifecycle of the resources of one configuration, which is read when it is first needed: a mistake in it fails the
 * operations that need it, and a diff says so in one line.
 *
 * @param get - Looks up a key of the configuration.
 */
export function configureLifecycle(
  get: (key: string) => string | undefined,
  { announce, requireEngine, tell, warn = tell, claims, ...openOptions }: ConfigureOptions,
): Lifecycle {
  const settings = once(() => readSettings(get));
  // Loaded here, because HTTP takes as long to load as all the rest, and a run without keys sends nothing.
  const open = once(async () => {
    const { openTunnels } = await import("./cloudflare-tunnels.js");
    const opened = openTunnels(get, settings(), openOptions);
    if (opened.connection.warning !== undefined) warn(opened.connection.warning);
    return opened;
  });
  const reads = once(async () => {
    const { createDriftReads } = await import("./drift-reads.js");
    return createDriftReads(async () => (await open()).connection, tell);
  });

  return createLifecycle({
    tunnels: async () => (await open()).tunnels,
    drift: async () => (isOff(settings) ? undefined : reads()),
    names: reads,
    ...given({ claims }),
    limits: settings,
    clock: { now: Date.now, sleep: openOptions.sleep ?? uncancelledSleep },
    announce,
    requireEngine,
  });
}

// Settings that cannot be read fail the operations that need them, not a diff.
function isOff(settings: () => Settings): boolean {
  try {
    return !settings().detectDrift;
  } catch {
    return false;
  }
}
