/**
 * Scripts that npm runs, or warns of, when someone installs a package: from a registry, an archive or a folder. `dependencies` is not
 * among them, because npm runs it only for the project in which it installs.
 *
 * @see https://docs.npmjs.com/cli/v11/using-npm/scripts
 */
const INSTALL_SCRIPTS = [
  "preinstall",
  "install",
  "postinstall",
  "prepublish",
  "preprepare",
  "prepare",
  "postprepare",
] as const;

/** Returns the install-time scripts of a package.json. */
export function installScriptsIn({ scripts = {} }: { readonly scripts?: Readonly<Record<string, string>> }): string[] {
  return INSTALL_SCRIPTS.filter((name) => Object.hasOwn(scripts, name));
}
