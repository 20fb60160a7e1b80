import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { version as pulumiVersion } from "@pulumi/pulumi/package.json";
import { VERSION as sdkVersion } from "cloudflare/version";
import { createUserProject, type UserProject } from "../../test/support/project";
import type { Recorder } from "./recorder";

const ROOT = join(__dirname, "../..");

/** What a package adds to a project that has `@pulumi/pulumi`. It does not vary, so it is taken once. */
export async function measureInstalled({ record }: Recorder): Promise<void> {
  const project = await createUserProject();
  try {
    await install(project, `@pulumi/pulumi@${pulumiVersion}`);
    const bare = megabytesOf(project);
    await install(project, pack(project));
    const withOurs = megabytesOf(project);
    await install(project, `cloudflare@${sdkVersion}`);
    record({ measure: "installedMegabytes", who: "ours", value: withOurs - bare });
    record({ measure: "installedMegabytes", who: "sdk", value: megabytesOf(project) - withOurs });
  } finally {
    await project.remove();
  }
}

function install(project: UserProject, what: string): Promise<string> {
  return project.npm("install", "--no-audit", "--no-fund", what);
}

function pack({ folder }: UserProject): string {
  const args = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
  return `./${execFileSync("npm", args, { cwd: ROOT, encoding: "utf8" }).trim()}`;
}

function megabytesOf({ folder }: UserProject): number {
  const bytes = readdirSync(join(folder, "node_modules"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  return bytes / 1e6;
}
