import { join } from "node:path";

export type Peer = "ours" | "native" | "closure" | "text" | "sameState" | "sdk";

/** The peers that are compared at every size. The native provider has sizes of its own. */
export const PEERS: readonly Peer[] = ["ours", "closure", "text", "sameState", "sdk"];

export const PEER_LABELS: Readonly<Record<Peer, string>> = {
  ours: "this package",
  native: "this package, native",
  closure: "closure no-op",
  text: "text no-op",
  sameState: "same state, no work",
  sdk: "SDK",
};

const FILES: Readonly<Record<Peer, string>> = {
  ours: "ours.cjs",
  native: "native.cjs",
  closure: "closure-no-op.cjs",
  text: "text-no-op.cjs",
  sameState: "same-state.cjs",
  sdk: "sdk.cjs",
};

export interface TunnelArgs {
  readonly accountId: string;
  readonly ipsecTunnelId: string;
}

/** A peer. Peers are plain CommonJS, so that Pulumi serializes exactly the code in this folder. */
export interface PeerModule {
  readonly declare: (name: string, args: TunnelArgs) => unknown;
  /** The provider that Pulumi serializes, if the peer has one. */
  readonly provider?: object;
}

export function fileOf(peer: Peer): string {
  return join(__dirname, FILES[peer]);
}
