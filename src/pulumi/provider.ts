/**
 * What the provider text in every state requires: the provider that Pulumi's dynamic provider host calls.
 * It wires the lifecycle to the API client and holds no logic. Public for ever as `pulumi-cloudflare-ipsec-psk/provider`.
 */
import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from "@pulumi/pulumi/dynamic";
import type { CallOptions, CloudflareClient } from "../cloudflare/client";
import { findIpsecTunnel, generatePsk, type TunnelRef } from "../cloudflare/ipsec-tunnels";
import type { Inputs } from "../psk/inputs";
import { createLifecycle, idOf } from "../psk/lifecycle";
import type { StoredState } from "../psk/state";
import { connect, environment, noCredentials, stackConfig } from "./connection";
import { shownUnderTheResource } from "./host-error";

interface Config {
  get(key: string): string | undefined;
}

let config: Config = { get: () => undefined };
let client: CloudflareClient | undefined;

const lifecycle = createLifecycle({
  generate: (tunnel) => generatePsk(connected(), tunnel, speakingOf(tunnel)),
  exists: async (tunnel) => (await findIpsecTunnel(connected(), tunnel, speakingOf(tunnel))) !== undefined,
});

/**
 * Takes the stack's configuration. The host does not wait for it before it lets other calls through, and ignores a
 * failure: so this stores, and credentials are looked at by the calls that need them.
 */
export function configure(request: { readonly config: Config }): void {
  config = request.config;
  client = undefined;
}

export function check(_olds: unknown, news: Record<string, unknown>): Promise<CheckResult> {
  return shownUnderTheResource(() => ({
    inputs: news,
    // A failure that names its property prints the value too, which may be secret: the reason alone names it.
    failures: lifecycle.check(news).map(({ property, reason }) => ({ property: "", reason: `${property} ${reason}` })),
  }));
}

export function diff(_id: string, olds: unknown, news: Inputs): Promise<DiffResult> {
  return shownUnderTheResource(() => {
    const plan = lifecycle.diff(olds, news);
    if (plan.kind === "keep") return { changes: false };
    // `changes` is left open: then the engine compares the inputs itself, which `replaceOnChanges` depends on.
    return plan.kind === "replace" ? { replaces: [...plan.properties], deleteBeforeReplace: false } : {};
  });
}

export function create(inputs: Inputs): Promise<CreateResult> {
  return shownUnderTheResource(async () => ({ id: idOf(inputs), outs: toOutputs(await lifecycle.create(inputs)) }));
}

export function read(id: string, props: unknown): Promise<ReadResult> {
  return shownUnderTheResource(async () => {
    const state = await lifecycle.read(props);
    // No id means gone: the engine removes the resource from the state.
    return state === undefined ? {} : { id, props: toOutputs(state) };
  });
}

export function update(_id: string, olds: unknown, news: Inputs): Promise<UpdateResult> {
  return shownUnderTheResource(async () => ({ outs: toOutputs(await lifecycle.update(olds, news)) }));
}

/** Does nothing: no API takes a key away, and the tunnel is not ours to delete. */
function remove(): Promise<void> {
  return Promise.resolve();
}
export { remove as delete };

function connected(): CloudflareClient {
  // A refresh or destroy gets the configuration of the last `up`, which puzzles whoever has just changed a token.
  const note = " (in refresh and destroy: as of the last up, unless run with --run-program)";
  client ??= connect([stackConfig((key) => config.get(key), note), environment(process.env)]);
  if (client === undefined) throw noCredentials();
  return client;
}

// The engine shows the lines that a provider prints under the stack, so each names its tunnel.
function speakingOf({ ipsecTunnelId }: TunnelRef): CallOptions {
  return {
    announce: (line) => {
      process.stdout.write(`IPsec tunnel ${ipsecTunnelId}: ${line.replaceAll("\n", " ")}\n`);
    },
  };
}

/** How a secret looks on the wire to the engine: it keeps the key encrypted even if a program asks for nothing. */
function toOutputs({ psk, ...rest }: StoredState): Record<string, unknown> {
  return { ...rest, psk: { [SIGNATURE]: SECRET, value: psk } };
}

// https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts: specialSigKey, specialSecretSig
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
