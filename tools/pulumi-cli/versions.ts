/** Major, minor and patch number. A prerelease counts as the release that it precedes. */
export type Version = readonly [major: number, minor: number, patch: number];

/** The oldest supported CLI: the SDK version of this repository. Older engines are untested; resource hooks require 3.182.0. */
export const oldestPulumi: Version = [3, 248, 0];

/** Parses the first version in `text`: output of `pulumi version` ("v3.259.0") or `go version` ("go version go1.26.8 …"). */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch = "0"] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

export function isOlder(version: Version, than: Version): boolean {
  const difference = version[0] - than[0] || version[1] - than[1] || version[2] - than[2];
  return difference < 0;
}

/** Returns why the version that `pulumi version` printed is not usable, or `undefined` if it is. */
export function versionProblem(output: string): string | undefined {
  const version = parseVersion(output);
  if (version === undefined) return `"pulumi version" printed no version: "${output.trim().slice(0, 80)}"`;
  if (isOlder(version, oldestPulumi)) return `version ${format(version)} is older than ${format(oldestPulumi)}`;
  if (version[0] > oldestPulumi[0]) return `version ${format(version)} has another major version`;
  return undefined;
}

export function format(version: Version): string {
  return version.join(".");
}
