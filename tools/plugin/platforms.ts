/** Platforms by the names that Pulumi takes from Go. */
export const PLATFORMS = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64"] as const;

export type Platform = (typeof PLATFORMS)[number];

/** Returns the platform of this process; `undefined` if there is no archive for it. */
export function hostPlatform({ platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process):
  Platform | undefined {
  const os = platform === "win32" ? "windows" : platform;
  const cpu = arch === "x64" ? "amd64" : arch;
  return PLATFORMS.find((name) => name === `${os}-${cpu}`);
}
