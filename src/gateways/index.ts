export type { CloudVpn } from "../cloud-vpns";
export type { AdditionalKeyExchange } from "./cloudflare-ike";
export type { CloudflareTunnel, GatewayConfigArgs } from "./cloudflare-tunnel";
export type { Dialect } from "./dialects";
export { generatePsk, type GeneratePskOptions } from "./generate-psk";
export { type PskConsumer, pskProblems } from "./psk-problems";
export { renderGatewayConfig } from "./render-gateway-config";
export type { GatewayConfigFields } from "./tunnel";
