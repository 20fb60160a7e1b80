import { lstatSync, readlinkSync, realpathSync, renameSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensurePulumiCli } from "./ensure-pulumi-cli";
import { GO_MODULE, readPinned } from "./engine";
import { ensureGoTool, type GoToolOptions } from "./go-tool";
import { isExecutableFile } from "./paths";

const NAME = "pulumi-language-yaml";
const MODULE = "github.com/pulumi/pulumi-yaml";

/**
 * Makes sure that the CLI of `ensurePulumiCli` has the language host for YAML. An official CLI comes with it. For a CLI that was
 * built from source, the language host is built from source, too, once.
 *
 * @returns The path of the CLI.
 * @throws {Error} If it cannot be built, or cannot be placed next to the CLI.
 */
export async function ensureYamlLanguageHost(options: GoToolOptions = {}): Promise<string> {
  const cli = await ensurePulumiCli(options);
  // The engine looks in the directory of the CLI. It would also find the host on PATH, but would warn on each run.
  const host = join(dirname(realpathSync(cli)), NAME);
  if (isExecutableFile(host) && !isLink(host)) return cli;

  const built = await ensureGoTool(yamlLanguageHost(), options);
  if (!isLink(host) || readlinkSync(host) !== built) placeLink(built, host);
  return cli;
}

function yamlLanguageHost() {
  const pin = readPinned(MODULE);
  return {
    ...pin,
    name: NAME,
    directory: GO_MODULE,
    package: `${MODULE}/cmd/${NAME}`,
    linkerFlags: `-X ${MODULE}/pkg/version.Version=v${pin.version}`,
  };
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

// Renames into place, because another process may do the same.
function placeLink(target: string, path: string): void {
  const temporary = `${path}.${process.pid}`;
  symlinkSync(target, temporary);
  renameSync(temporary, path);
}
