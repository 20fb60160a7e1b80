/** Returns "owner/name" of a repository on GitHub, from the URL in package.json. */
export function githubPathOf(url = ""): string | undefined {
  return /\bgithub\.com\/([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(url)?.[1];
}
