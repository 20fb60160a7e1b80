export type { Dialect, GatewayTunnel } from "./gateways";
export { type ApiMessage, type CloudflareSaid, type ErrorCode, type ErrorDetails, IpsecTunnelPskError } from "./errors";
export { gatewayConfig, type GatewayConfigArgs } from "./pulumi/gateway-config";
export { IpsecTunnelPsk, type IpsecTunnelPskArgs } from "./pulumi/ipsec-tunnel-psk";
export type { PskStatus } from "./psk/state";
