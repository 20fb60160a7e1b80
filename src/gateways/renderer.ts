import type { GatewayTunnel } from "./gateway-tunnel";
import type { RefusedKey } from "./key-rules";
import type { Rule } from "./rules";
import type { VerifiedTunnel } from "./tunnel";

/** One dialect: what it cannot express, and how it says the rest. */
export interface Renderer {
  /** What it renders: "a VyOS configuration". */
  readonly title: string;
  /** Keys that it cannot quote. */
  readonly refusedKeys: readonly RefusedKey[];
  /** Its rules beside those of every dialect. They hold for what is missing or has another type, unless it needs the field. */
  readonly rules: (tunnel: Partial<GatewayTunnel>) => readonly Rule[];
  /** The whole text. */
  readonly render: (tunnel: VerifiedTunnel) => string;
}
