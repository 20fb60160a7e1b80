export {
  type ApiMessage,
  type CloudflareResponseInfo,
  type ErrorDetails,
  IpsecTunnelPskError,
  type IpsecTunnelPskErrorCode,
  type Mistake,
  type NextStep,
} from "./errors";
export { checkPsk } from "./dynamic/check-psk";
export { type CloudflareTunnelArgs, gatewayConfig, type GatewayConfigArgs } from "./dynamic/gateway-config";
export { type ExistingKeyArgs, IpsecTunnelPsk, type IpsecTunnelPskArgs } from "./dynamic/ipsec-tunnel-psk";
export { Provider, type ProviderArgs } from "./dynamic/provider-resource";
export type { Consumer, Dialect, GatewayTunnel } from "./gateways";
export type { ProviderSettings } from "./provider/settings";
export type { PskStatus } from "./psk/state";
