export { cliRootOf } from "./cli-root";
export { ensurePulumiCli } from "./ensure-pulumi-cli";
export type { EnsureOptions } from "./ensure-pulumi-cli";
export { GO_MODULE, readPin, readPinned } from "./engine";
export { ensureGoTool, type GoTool, type GoToolOptions } from "./go-tool";
export { ensureYamlLanguageHost } from "./yaml-language-host";
