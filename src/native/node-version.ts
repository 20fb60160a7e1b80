/** The oldest Node.js that runs this plugin. */
const OLDEST = [20, 18, 1] as const;

/** Says what is wrong with a version of Node.js; `undefined` if it runs this plugin. @param version - "20.18.1" */
export function nodeProblem(version: string): string | undefined {
  const parts = version.split(".").map(Number);
  const at = OLDEST.findIndex((part, index) => parts[index] !== part);
  if (at === -1 || (parts[at] ?? 0) > (OLDEST[at] ?? 0)) return undefined;
  return `cloudflare-ipsec-psk requires Node.js ${OLDEST.join(".")} or later, but the "node" on PATH is ${version}. Install a later version.`;
}
