export { checkPsk, type Consumer } from "./check-psk";
export type { Dialect } from "./dialects";
export type { GatewayTunnel } from "./gateway-tunnel";
export { renderGateway } from "./render-gateway";
