import { ciscoIosXe } from "./cisco-ios-xe";
import { fortios } from "./fortios";
import { junos } from "./junos";
import { panos } from "./panos";
import { strongswan } from "./strongswan";
import { type GatewayTunnel, type VerifiedTunnel, verifyTunnel } from "./tunnel";
import { valueSheet } from "./value-sheet";
import { vyos } from "./vyos";

export type { GatewayTunnel } from "./tunnel";

const DIALECTS = { strongswan, vyos, ciscoIosXe, junos, fortios, panos, markdown: valueSheet } satisfies Record<
  string,
  (tunnel: VerifiedTunnel) => string
>;

/** A router's configuration language, or `markdown`: a sheet of values for everything that is clicked by hand. */
export type Dialect = keyof typeof DIALECTS;

/**
 * Renders a router's configuration, which holds the key.
 *
 * @throws {IpsecTunnelPskError} `ERR_INVALID_GATEWAY` if anything in the description is wrong, or the dialect cannot
 *   express it.
 */
export function renderGateway(dialect: Dialect, tunnel: Partial<GatewayTunnel>): string {
  return DIALECTS[dialect](verifyTunnel(tunnel));
}
