import type { DriftReads } from "../psk/drift";
import type { TunnelApi } from "../psk/tunnel-api";
import type { OpenOptions, OpenTunnels } from "./cloudflare-tunnels";
import { readSettings, type Settings } from "./settings";

/** The tunnels that one configuration gives access to. */
export interface LazyTunnels {
  /** Every call fails if the configuration is wrong. */
  readonly tunnels: TunnelApi;
  /** Never fails: if the configuration is wrong, nothing is known. */
  readonly drift: DriftReads;
  /** @throws {IpsecTunnelPskError} `ERR_INVALID_SETTING` */
  readonly settings: () => Settings;
}

/**
 * Takes a configuration, and reads it when the tunnels are first used.
 *
 * @param get - Looks up a key of the stack's configuration.
 * @param announce - Takes a line about the whole configuration that the user should read.
 * @param options - What differs between the kinds of provider.
 */
export function configureTunnels(
  get: (key: string) => string | undefined,
  announce: (line: string) => void,
  options?: OpenOptions,
): LazyTunnels {
  const settings = once(() => readSettings(get));

  // Loaded here, because HTTP takes as long to load as all the rest, and a run without keys sends nothing.
  const open = once(async (): Promise<OpenTunnels> => {
    const { openTunnels } = await import("./cloudflare-tunnels.js");
    return openTunnels(get, settings(), options);
  });
  const drift = once(async (): Promise<DriftReads | undefined> => {
    if (isOff(settings)) return undefined;
    const { createDriftReads } = await import("./drift-reads.js");
    return createDriftReads(async () => (await open()).client, announce);
  });

  return {
    settings,
    tunnels: {
      generate: async (...args) => (await open()).tunnels.generate(...args),
      set: async (...args) => (await open()).tunnels.set(...args),
      readAfter: async (...args) => (await open()).tunnels.readAfter(...args),
      readFromList: async (...args) => (await open()).tunnels.readFromList(...args),
      read: async (...args) => (await open()).tunnels.read(...args),
    },
    drift: {
      fromList: async (tunnel) => (await drift())?.fromList(tunnel),
      single: async (tunnel) => (await drift())?.single(tunnel),
    },
  };
}

// Settings that cannot be read fail the operations that need them, not a diff.
function isOff(settings: () => Settings): boolean {
  try {
    return !settings().detectDrift;
  } catch {
    return false;
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
