/** Major, minor and patch number; a pre-release counts as the release it leads to. */
export type Version = readonly [major: number, minor: number, patch: number];

/** The SDK this repository develops with: an older engine is untested (resource hooks alone would need 3.182.0). */
export const oldestPulumi: Version = [3, 248, 0];

/** The first version in `text`, as `pulumi version` ("v3.259.0") and `go version` ("go version go1.26.8 …") print it. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch = "0"] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

export function isOlder(version: Version, than: Version): boolean {
  const difference = version[0] - than[0] || version[1] - than[1] || version[2] - than[2];
  return difference < 0;
}

/** Why a CLI that answers `pulumi version` with `answer` is of no use here, or undefined if it is. */
export function unfitPulumi(answer: string): string | undefined {
  const version = parseVersion(answer);
  if (version === undefined) return `it does not tell its version: "${answer.trim().slice(0, 80)}"`;
  if (isOlder(version, oldestPulumi)) return `version ${format(version)} is older than ${format(oldestPulumi)}`;
  if (version[0] > oldestPulumi[0]) return `version ${format(version)} is of another major line`;
  return undefined;
}

export function format(version: Version): string {
  return version.join(".");
}
