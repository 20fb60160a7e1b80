import { join } from "node:path";

/** This package twice, the official client, and what Pulumi's own interface costs at least. */
export const PEERS = ["native", "dynamic", "sdk", "floor"] as const;

export type Peer = (typeof PEERS)[number];

const FILES: Readonly<Record<Peer, string>> = {
  native: "native.cjs",
  dynamic: "dynamic.cjs",
  sdk: "sdk.cjs",
  floor: "no-op.cjs",
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
