import { version as pulumiVersion } from "@pulumi/pulumi/package.json";
import { VERSION as sdkVersion } from "cloudflare/version";
import { createUserProject, type UserProject } from "../../test/support/user-project";
import type { Recorder } from "./recorder";

/** Measures how much a package adds to a project that has `@pulumi/pulumi`. The size does not vary, so one round is enough. */
export async function measureInstalled({ record }: Recorder): Promise<void> {
  const project = await createUserProject();
  try {
    await project.install(`@pulumi/pulumi@${pulumiVersion}`);
    const bare = megabytesOf(project);
    await project.install(await project.pack());
    const withOurs = megabytesOf(project);
    await project.install(`cloudflare@${sdkVersion}`);
    record({ measure: "installedMegabytes", who: "ours", value: withOurs - bare });
    record({ measure: "installedMegabytes", who: "sdk", value: megabytesOf(project) - withOurs });
  } finally {
    await project.remove();
  }
}

function megabytesOf(project: UserProject): number {
  return project.installedBytes() / 1e6;
}
