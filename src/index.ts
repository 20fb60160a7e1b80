export { checkPsk, type Consumer, type Dialect, type GatewayTunnel } from "./gateways";
export {
  type ApiMessage,
  type CloudflareSaid,
  type ErrorCode,
  type ErrorDetails,
  IpsecTunnelPskError,
  type Mistake,
} from "./errors";
export { Provider, type ProviderArgs } from "./pulumi/account-provider";
export { gatewayConfig, type GatewayConfigArgs } from "./pulumi/gateway-config";
export { type AdoptArgs, IpsecTunnelPsk, type IpsecTunnelPskArgs } from "./pulumi/ipsec-tunnel-psk";
export type { ProcessSettings } from "./pulumi/settings";
export type { PskStatus } from "./psk/state";
