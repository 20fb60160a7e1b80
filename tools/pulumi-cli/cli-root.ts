import { basename, dirname } from "node:path";

/**
 * Returns where a CLI is installed, as an option of `PulumiCommand.get`, which looks for `bin/pulumi` below that folder.
 *
 * @returns An empty object for a CLI in another folder: it was found on PATH, where the Automation API finds it by itself.
 */
export function cliRootOf(cli: string): { readonly root?: string } {
  return basename(dirname(cli)) === "bin" ? { root: dirname(dirname(cli)) } : {};
}
