/**
 * The provider that Pulumi's dynamic provider host calls, and that the provider text in every state requires. It connects
 * the lifecycle to the API client, and translates its decisions for Pulumi. It stays public forever as
 * `pulumi-cloudflare-ipsec-psk/provider`.
 */
import { isDeepStrictEqual } from "node:util";
import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from "@pulumi/pulumi/dynamic";
import { configureLifecycle } from "../connection/configured-lifecycle";
import { requireEngine } from "../connection/engine-alive";
import { problemText } from "../errors";
import { checkInputs } from "../psk/check-inputs";
import type { Inputs } from "../psk/inputs";
import type { Lifecycle, OperationOptions } from "../psk/lifecycle";
import { PartialFailure } from "../psk/partial-failure";
import { isByName, type Naming, tunnelText } from "../psk/resolution";
import { isInInputs } from "../psk/rotation";
import { ACCOUNT_OF_TUNNEL, CLAIMED_BY, SECRET_SIGNATURE, SIGNATURE } from "../psk/sentinels";
import { idOf, type StoredState } from "../psk/state";
import { withCanonicalIds } from "../tunnel";
import { keepInState, shownUnderTheResource } from "./host-error";
import { isFromNative } from "./provider-text";

// The class passes them to the check alone.
const NOT_INPUTS: ReadonlySet<string> = new Set([CLAIMED_BY, ACCOUNT_OF_TUNNEL]);

// How the last `up` named each tunnel, by how the program names it now. Pulumi's host tells it to the check alone.
let lastNamings = new Map<string, Naming>();

interface Config {
  get(key: string): string | undefined;
}

/** The inputs as Pulumi passes them, with the provider text. */
type PulumiInputs = Inputs & { readonly __provider?: string };

let lifecycle = lifecycleWith(() => undefined);

function lifecycleWith(get: (key: string) => string | undefined): Lifecycle {
  return configureLifecycle(get, {
    tell: print,
    announce: (tunnel, line) => {
      const named = tunnelText(tunnel);
      print(line.includes(named) ? line : `IPsec tunnel ${named}: ${line}`);
    },
    // It follows the engine's own flags.
    requireEngine: () => requireEngine(process.argv.at(-1)),
  });
}

// The engine shows the lines that a provider prints under the stack, so each names what it is about.
function print(line: string): void {
  process.stdout.write(`${line.replaceAll("\n", " ")}\n`);
}

/**
 * Takes the stack's configuration. The host does not wait for this before it makes other calls, and ignores a failure: so
 * this only stores it, and the calls that need settings and credentials read them.
 */
export function configure({ config }: { readonly config: Config }): void {
  lifecycle = lifecycleWith((key) => config.get(key));
  lastNamings = new Map();
}

export function check(olds: Partial<Inputs> | undefined, news: Record<string, unknown>): Promise<CheckResult> {
  return shownUnderTheResource(() => {
    const inputs = Object.fromEntries(Object.entries(withCanonicalIds(news)).filter(([name]) => !NOT_INPUTS.has(name)));
    if (olds?.accountId !== undefined) lastNamings.set(namingIn(inputs), olds);
    // A failure that names its property prints the value too, which may be secret: the reason alone names it.
    return { inputs, failures: checkInputs(news).map((problem) => ({ property: "", reason: problemText(problem) })) };
  });
}

export function diff(id: string, olds: Record<string, unknown>, news: Inputs): Promise<DiffResult> {
  return shownUnderTheResource(async () => {
    const plan = await lifecycle.diff(olds, news, operationOn(id, news));
    switch (plan.kind) {
      // Pulumi's host cannot refresh what the native provider has written: an update adds the provider's text.
      case "keep":
        return { changes: isFromNative(olds) };
      // The engine compares the inputs itself if `changes` is left open, which `replaceOnChanges` depends on. But a name may be the
      // same, and its tunnel another.
      case "replace":
        return { replaces: [...plan.properties], deleteBeforeReplace: false, ...(isByName(news) && { changes: true }) };
      case "generate":
      case "set":
        return plan.reasons.every(isInInputs) ? {} : { changes: true };
      // Drift and an existing key need not show in the inputs.
      case "find":
      case "refuse":
      case "takeOver":
        return { changes: true };
    }
  });
}

export function create(inputs: PulumiInputs): Promise<CreateResult> {
  return shownUnderTheResource(async () => {
    const state = await keeping(inputs, () => lifecycle.create(inputs));
    return { id: idOf(state), outs: toOutputs(state) };
  });
}

export function read(id: string, props: unknown): Promise<ReadResult> {
  return shownUnderTheResource(async () => {
    const state = await lifecycle.read(props, { id });
    // No ID means gone: the engine removes the resource from the state.
    return state === undefined ? {} : { id, props: toOutputs(state) };
  });
}

export function update(id: string, olds: unknown, news: PulumiInputs): Promise<UpdateResult> {
  return shownUnderTheResource(async () => ({
    outs: toOutputs(await keeping(news, () => lifecycle.update(olds, news, operationOn(id, news)))),
  }));
}

/** Does nothing: no API removes a key, and the tunnel is not ours to delete. */
function remove(): Promise<void> {
  return Promise.resolve();
}
export { remove as delete };

function operationOn(id: string, news: Inputs): OperationOptions {
  return { id, last: lastNamings.get(namingIn(news)) };
}

function namingIn({ accountId, ipsecTunnelName, ipsecTunnelCreatedOn }: Partial<Inputs>): string {
  return JSON.stringify([accountId, ipsecTunnelName, ipsecTunnelCreatedOn]);
}

async function keeping(inputs: PulumiInputs, run: () => Promise<StoredState>): Promise<StoredState> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    // The host adds the provider's text to what succeeds, but not to what is kept of a failure.
    const failure = error as PartialFailure;
    const kept = { ...toOutputs(failure.kept), ...oldTriggers(failure.kept, inputs), __provider: inputs.__provider };
    throw keepInState(failure, idOf(failure.kept), kept);
  }
}

// The engine marks an output as secret where the *new* input of its name is. The old triggers may have been secret when
// the new ones are public, which this process is not told.
function oldTriggers({ rotationTriggers }: StoredState, inputs: Inputs): Record<string, unknown> {
  const isOld = rotationTriggers !== undefined && !isDeepStrictEqual(rotationTriggers, inputs.rotationTriggers);
  return isOld ? { rotationTriggers: wireSecret(rotationTriggers) } : {};
}

/** Marks the key as secret on the wire: it stays encrypted whatever a program asks for. */
function toOutputs({ psk, ...rest }: StoredState): Record<string, unknown> {
  return { ...rest, psk: wireSecret(psk) };
}

/** Writes a secret as the engine expects it on the wire. */
function wireSecret(value: unknown): Record<string, unknown> {
  return { [SIGNATURE]: SECRET_SIGNATURE, value };
}
