import { createRequire } from "node:module";
import { join } from "node:path";

const PACKAGE = "pulumi-cloudflare-ipsec-psk";

/**
 * What to tell whoever runs a program where the code in the state would not find this package: in a bundle, say.
 *
 * @param folder - The program's working directory: the Pulumi project's folder, or its `main`.
 */
export function notInstalledText(folder: string): string | undefined {
  try {
    createRequire(join(folder, "program.js")).resolve(`${PACKAGE}/provider`);
    return undefined;
  } catch {
    return (
      `\`pulumi up\` is going to fail with "Cannot find module '${PACKAGE}/provider'": Pulumi's provider process looks for this ` +
      `package from the Pulumi project, and there is none in ${folder} or above. Run \`npm install ${PACKAGE}\` there, ` +
      "also if the program is a bundle. (If `main` in the project's settings names another folder, that one counts.)"
    );
  }
}
