export type { Assumptions } from "./assumptions";
export { defaultAssumptions } from "./assumptions";
export type {
  ApiRequest,
  ApiResponse,
  RequestCircumstances,
  CloudflareApi,
  HandleRequest,
  EdgeInspection,
} from "./api";
export { createCloudflareApi } from "./api";
export type { ResponseChange, Fault, FaultScope } from "./faults";
export { faults } from "./faults";
export type {
  AccountOptions,
  CloudflareApiOptions,
  GrantOptions,
  LimitOptions,
  Permission,
  SimulatorOptions,
  TokenOptions,
  TunnelOptions,
  UserOptions,
} from "./options";
export { DEFAULT_LIMIT } from "./options";
export type { SeenRequest } from "./request-log";
export type { Operation } from "./route";
export type { Simulator } from "./start-simulator";
export { startSimulator } from "./start-simulator";
