/** Platforms by the names that Pulumi takes from Go. */
export const PLATFORMS = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64"] as const;

export type Platform = (typeof PLATFORMS)[number];

/**
 * Returns the platform of this process.
 *
 * @throws {Error} if there is no self-contained plugin for it.
 */
export function hostPlatform({ platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process): Platform {
  const own = `${platform === "win32" ? "windows" : platform}-${arch === "x64" ? "amd64" : arch}`;
  const found = PLATFORMS.find((name) => name === own);
  if (found === undefined) {
    throw new Error(`Cannot build a self-contained plugin on ${own}: it is not one of ${PLATFORMS.join(", ")}`);
  }
  return found;
}
