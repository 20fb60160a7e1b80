export {
  type ApiMessage,
  type CloudflareResponseInfo,
  type ErrorDetails,
  type InputProblem,
  IpsecTunnelPskError,
  type IpsecTunnelPskErrorCode,
  type NextStep,
} from "./errors";
export { checkPsk } from "./program/check-psk";
export { type CloudflareTunnelArgs, gatewayConfig, type GatewayConfigArgs } from "./program/gateway-config";
export { type ExistingKeyArgs, IpsecTunnelPsk, type IpsecTunnelPskArgs } from "./program/ipsec-tunnel-psk";
export type { TunnelArgument } from "./program/tunnel-argument";
export { Provider, type ProviderArgs } from "./program/provider-resource";
export type { PskConsumer, Dialect, GatewayConfigFields } from "./gateways";
export type { ProviderSettings } from "./connection/settings";
export type { PskStatus } from "./psk/state";
