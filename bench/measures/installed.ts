import { version as pulumiVersion } from "@pulumi/pulumi/package.json";
import { VERSION as sdkVersion } from "cloudflare/version";
import { createUserProject } from "../../test/support/user-project";
import type { Recorder } from "../samples";

/** Measures how much a package adds to a project that has `@pulumi/pulumi`. The size does not vary, so one round is enough. */
export async function measureInstalled(record: Recorder): Promise<void> {
  const project = await createUserProject();
  try {
    await project.install(`@pulumi/pulumi@${pulumiVersion}`);
    const bare = project.installedBytes();
    await project.install(await project.pack());
    const withOurs = project.installedBytes();
    await project.install(`cloudflare@${sdkVersion}`);
    record("installedMegabytes", "dynamic", (withOurs - bare) / 1e6);
    record("installedMegabytes", "sdk", (project.installedBytes() - withOurs) / 1e6);
  } finally {
    await project.remove();
  }
}
