import { basename, dirname } from "node:path";

/**
 * Where a CLI is installed, as an option of `PulumiCommand.get`, which looks for `bin/pulumi` below.
 *
 * @returns Nothing for a CLI in another folder: that one was found on PATH, where the Automation API looks by itself.
 */
export function cliRootOf(cli: string): { readonly root?: string } {
  return basename(dirname(cli)) === "bin" ? { root: dirname(dirname(cli)) } : {};
}
