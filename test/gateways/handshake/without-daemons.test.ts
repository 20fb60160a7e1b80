import { spawnSync } from "node:child_process";
import { ROOT } from "../../support/build";

/** Runs the handshakes of one file as on a machine without the programs that they need: its PATH is empty. */
function runWithoutDaemons(env: NodeJS.ProcessEnv) {
  const jest = require.resolve("jest/bin/jest");
  const { status, stderr } = spawnSync(process.execPath, [jest, "test/gateways/handshake/strongswan"], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, PATH: "", ...env },
  });
  return { status, stderr };
}

describe("describeWithStrongswan() without the programs that it needs", () => {
  it("fails with CI=true, and names what is missing", () => {
    const { status, stderr } = runWithoutDaemons({ CI: "true" });

    expect(status).toBe(1);
    expect(stderr).toMatch(/Cannot test .+ with real IKE daemons: .*unshare.* missing: apt-get install/);
  });

  it("skips the tests elsewhere, and says so in one line", () => {
    const { status, stderr } = runWithoutDaemons({ CI: "" });

    expect(status).toBe(0);
    expect(stderr).toMatch(/^SKIPPED: Cannot test .+ with real IKE daemons: .*unshare.* missing: apt-get install/m);
    expect(stderr).toMatch(/^Tests: +\d+ skipped, \d+ total$/m);
  });
});
