export type { CloudVpn } from "../cloud-vpns";
export type { AdditionalKeyExchange } from "./cloudflare-ike";
export type { CloudflareTunnel, GatewayDescription } from "./cloudflare-tunnel";
export type { Dialect } from "./dialects";
export { type Consumer, pskProblems } from "./psk-problems";
export { renderGateway } from "./render-gateway";
export type { GatewayTunnel } from "./tunnel";
