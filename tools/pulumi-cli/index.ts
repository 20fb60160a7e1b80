export { cliRootOf } from "./cli-root";
export { ensurePulumiCli } from "./ensure-pulumi-cli";
export type { EnsureOptions } from "./ensure-pulumi-cli";
export { ensureGoTool, type GoTool, type GoToolOptions, readPin } from "./go-tool";
export { ensureYamlLanguageHost } from "./yaml-language-host";
