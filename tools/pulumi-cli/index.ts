export { cliRootOf } from "./cli-root";
export { ensurePulumiCli } from "./ensure-pulumi-cli";
export type { EnsureOptions } from "./ensure-pulumi-cli";
