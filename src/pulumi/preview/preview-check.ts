import * as pulumi from "@pulumi/pulumi";
import { createRateLimiter } from "../../cloudflare/rate-limiter";
import { hasUnknown } from "../../psk/unknown";
import { Provider } from "../account-provider";
import { connect, type Connection, environment, stackConfig } from "../connection";
import { readSettings } from "../settings";
import { sleep } from "../sleep";
import { plain, plainInputs, plainState, secrecyOf } from "./hook-values";
import { notInstalledText } from "./not-installed";
import { createPreflight, type PreviewLog } from "./preflight";

/** The stack's configuration, as far as this package reads it. */
export type Configuration = Readonly<Record<string, string | undefined>>;

/** What the hook does for each resource that a preview plans to create, update or replace. */
export function createPreviewCheck(configured: Configuration | pulumi.ProviderResource): pulumi.ResourceHookFunction {
  const configuration = once(() => configurationOf(configured));
  const connection = once(async () => {
    const config = await configuration();
    return config === "unknown" ? config : connectWith(config);
  });
  const settings = once(async () => {
    const config = await configuration();
    return readSettings((key) => (config === "unknown" ? undefined : config[key]));
  });
  const preflight = createPreflight({ connect: connection, settings, now: Date.now });
  // Under the first resource: one warning is read, and hundreds are not.
  const warnings = [notInstalledText(process.cwd())].filter((text) => text !== undefined);
  return async (args) => {
    const log = logUnder(args.urn);
    warnings.splice(0).forEach(log.warn);
    const [inputs, state] = await Promise.all([plainInputs(args.newInputs), plainState(args.oldOutputs)]);
    await preflight({ inputs, state, isSecret: secrecyOf(args) }, log);
  };
}

async function configurationOf(
  configured: Configuration | pulumi.ProviderResource,
): Promise<Configuration | "unknown"> {
  if (!pulumi.Resource.isInstance(configured)) return configured;
  // Somebody's own resource for Pulumi's dynamic provider: what it was given cannot be seen from here.
  if (!Provider.isInstance(configured)) return "unknown";
  const values = (await plain(configured.configuration)) as Configuration;
  return hasUnknown(values) ? "unknown" : values;
}

function connectWith(values: Configuration): Connection | undefined {
  const get = (key: string) => values[key];
  // What a preview uses up of the request limit, the `up` after it would miss.
  const limiter = createRateLimiter({ now: Date.now, sleep, isImpatient: true });
  return connect([stackConfig(get), environment(process.env)], readSettings(get), limiter);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

// Pulumi sends lines one after the other, and waits for them itself: a hook that did would hold the engine up.
function logUnder(urn: string): PreviewLog {
  // Only the URN: the resource itself is not registered before the hook has returned, and logging would wait for it.
  const resource: Pick<pulumi.Resource, "urn"> = { urn: pulumi.output(urn) };
  return {
    info: (text) => void pulumi.log.info(text, resource as pulumi.Resource),
    warn: (text) => void pulumi.log.warn(text, resource as pulumi.Resource),
  };
}
