import { strongswan } from "./strongswan";
import { type GatewayTunnel, type VerifiedTunnel, verifyTunnel } from "./tunnel";

export type { GatewayTunnel } from "./tunnel";

const DIALECTS = { strongswan } satisfies Record<string, (tunnel: VerifiedTunnel) => string>;

/** A router's configuration language. */
export type Dialect = keyof typeof DIALECTS;

/**
 * Renders a router's configuration, which holds the key.
 *
 * @throws {IpsecTunnelPskError} `ERR_INVALID_GATEWAY` if anything in the description is wrong.
 */
export function renderGateway(dialect: Dialect, tunnel: Partial<GatewayTunnel>): string {
  return DIALECTS[dialect](verifyTunnel(tunnel));
}
