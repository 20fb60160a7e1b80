import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ROOT } from "../../support/build";
import { describeWithStrongswan } from "../../support/strongswan";

/** Runs the handshakes of one file in another environment. */
function runHandshakes(file: string, env: NodeJS.ProcessEnv) {
  const jest = require.resolve("jest/bin/jest");
  const { status, stderr } = spawnSync(process.execPath, [jest, `test/gateways/handshake/${file}`], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, stderr };
}

/** As on a machine without the programs that they need: its PATH is empty. */
const runWithoutDaemons = (env: NodeJS.ProcessEnv) => runHandshakes("strongswan", { PATH: "", ...env });

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

describeWithStrongswan("describeWithStrongswan6() if apt cannot download", () => {
  const WORDS = "E: Failed to fetch InRelease: this is a test";
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ipsec-psk-apt-"));
    // Knows a mirror, and downloads nothing from it.
    const apt = `#!/bin/sh
case $1 in
indextargets) echo "$(. /etc/os-release; echo "$VERSION_CODENAME") main http://mirror.invalid/" ;;
*) echo "${WORDS}" >&2; exit 100 ;;
esac
`;
    writeFileSync(join(folder, "apt-get"), apt, { mode: 0o755 });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const runWithoutDownload = (env: NodeJS.ProcessEnv) => {
    const PATH = [folder, process.env.PATH].join(delimiter);
    return runHandshakes("post-quantum", { PATH, XDG_CACHE_HOME: join(folder, "cache"), ...env });
  };

  it("is one failing test with CI=true, which has apt's words for each suite", () => {
    const { status, stderr } = runWithoutDownload({ CI: "true" });

    expect(status).toBe(1);
    expect(stderr).toContain(`Cannot unpack strongSwan 6.0.2 or later: forky: ${WORDS}; sid: ${WORDS}`);
    expect(stderr).toMatch(/^Tests: +1 failed, 1 total$/m);
  });

  it("skips the tests elsewhere, and says so in one line", () => {
    const { status, stderr } = runWithoutDownload({ CI: "" });

    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^SKIPPED: Cannot test .+ with real IKE daemons: Cannot unpack strongSwan 6.+this is a test/m,
    );
    expect(stderr).toMatch(/^Tests: +\d+ skipped, \d+ total$/m);
  });
});
