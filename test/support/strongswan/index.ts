export type { Attempt } from "./attempt";
export type { Build } from "./build";
export { type Edge, type EdgeOptions, type EdgeTunnel, type Identity, startEdge } from "./edge";
export { type Gateway, type GatewayOptions, startGateway } from "./gateway";
export { connect, UPLINK } from "./network";
export { type PingOptions, type PingReport, type Pings, ping, type Reply, startPings } from "./ping";
export { describeWithStrongswan, describeWithStrongswan6, strongswanProblem } from "./problem";
export { type ChildSa, type IkeSa, suiteOf } from "./security-associations";
export { SITE, type Site, startSite } from "./site";
