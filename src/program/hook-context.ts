import * as pulumi from "@pulumi/pulumi";
import { once } from "../once";
import { connectForPreview } from "../preview/connect-for-preview";
import { createPreflight, type PreviewLog } from "../preview/preflight";
import { readSettings } from "../connection/settings";
import type { ResolvedInputs } from "../psk/inputs";
import { requireMarks } from "../psk/marks";
import { quote } from "../psk/quote";
import { hasUnknown } from "../psk/sentinels";
import { secondClaim } from "../psk/tunnel-claims";
import { claimResolved } from "./claims";
import { plain, plainInputs, plainState, secrecyOf } from "./hook-values";
import { missingPackageText } from "./missing-package";
import { Provider } from "./provider-resource";
import { isFromNative } from "../dynamic/provider-text";

/** The stack's configuration, as far as this package reads it. */
export type Configuration = Readonly<Record<string, string | undefined>>;

/** Creates what the hook does for each resource that a preview plans to create, update or replace. */
export function createHookFunction(configured: Configuration | pulumi.ProviderResource): pulumi.ResourceHookFunction {
  const configuration = once(() => configurationOf(configured));
  const connection = once(async () => {
    const config = await configuration();
    return config === "unknown" ? config : connectForPreview((key) => config[key]);
  });
  const settings = once(async () => {
    const config = await configuration();
    return readSettings((key) => (config === "unknown" ? undefined : config[key]));
  });
  const preflight = createPreflight({ connect: connection, settings, now: Date.now });
  // Under the first resource: one warning is read, and hundreds are not.
  const warnings = [missingPackageText(process.cwd())].filter((text) => text !== undefined);
  return async (args) => {
    const log = logUnder(args.urn);
    warnings.splice(0).forEach(log.warn);
    const [inputs, state] = await Promise.all([plainInputs(args.newInputs), plainState(args.oldOutputs)]);
    requireMarks(inputs, secrecyOf({ newInputs: args.newInputs ?? {} }));
    const isMoved = args.oldOutputs !== undefined && isFromNative(args.oldOutputs);
    await preflight({ inputs, state, isSecret: secrecyOf(args), claim: claimInProgram, isMoved }, log);
  };
}

function claimInProgram(inputs: ResolvedInputs): void {
  const owner = claimResolved(inputs);
  if (owner !== undefined) throw secondClaim(inputs, `IpsecTunnelPsk ${quote(owner)}`);
}

async function configurationOf(
  configured: Configuration | pulumi.ProviderResource,
): Promise<Configuration | "unknown"> {
  if (!pulumi.Resource.isInstance(configured)) return configured;
  // A program's own provider resource for dynamic resources: its configuration is not visible from here.
  if (!Provider.isInstance(configured)) return "unknown";
  const values = (await plain(configured.configuration)) as Configuration;
  return hasUnknown(values) ? "unknown" : values;
}

// Pulumi sends lines one after the other, and waits for them itself: a hook that waited would delay the engine.
function logUnder(urn: string): PreviewLog {
  // Only the URN: the resource itself is not registered before the hook has returned, and logging would wait for it.
  const resource: Pick<pulumi.Resource, "urn"> = { urn: pulumi.output(urn) };
  return {
    info: (text) => void pulumi.log.info(text, resource as pulumi.Resource),
    warn: (text) => void pulumi.log.warn(text, resource as pulumi.Resource),
  };
}
