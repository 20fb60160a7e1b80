import { createRequire } from "node:module";
import { join } from "node:path";

const PACKAGE = "pulumi-cloudflare-ipsec-psk";

/**
 * Returns a warning if the provider text in the state would not find this package, for example because the program is a
 * bundle; `undefined` otherwise.
 *
 * @param folder - The program's working directory: the Pulumi project's folder, or its `main`.
 */
export function missingPackageText(folder: string): string | undefined {
  try {
    createRequire(join(folder, "program.js")).resolve(`${PACKAGE}/provider`);
    return undefined;
  } catch {
    return (
      `\`pulumi up\` will fail with "Cannot find module '${PACKAGE}/provider'": Pulumi's provider process looks for this ` +
      `package in the Pulumi project, and it is not installed in ${folder} or above. Run \`npm install ${PACKAGE}\` there, ` +
      "even if the program is a bundle. (If `main` in the project's settings names another folder, run it in that one.)"
    );
  }
}
