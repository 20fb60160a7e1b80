import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, closeSync, constants, existsSync, openSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Build, unpackedAt } from "./build";

const COMMANDS = ["charon-systemd", "swanctl", "setpriv", "unshare", "nsenter", "ip", "ping"];
// Where Debian has them. Elsewhere, the daemon itself says what it lacks.
const PLUGIN_FOLDER = "/usr/lib/ipsec/plugins";
const PLUGINS = ["libstrongswan-kernel-libipsec.so", "libstrongswan-openssl.so"];
const PACKAGES =
  "charon-systemd strongswan-swanctl libcharon-extra-plugins libstrongswan-standard-plugins iproute2 iputils-ping";

/** Says why this machine cannot run the tests that need strongSwan, and what to do; `undefined` if it can. */
export function strongswanProblem(): string | undefined {
  const plugins = existsSync(PLUGIN_FOLDER) ? PLUGINS.map((file) => join(PLUGIN_FOLDER, file)) : [];
  const missing = [
    ...COMMANDS.filter((command) => !isInstalled(command)),
    ...plugins.filter((plugin) => !existsSync(plugin)),
  ];
  if (missing.length > 0)
    return `${missing.join(", ")} missing: apt-get install --no-install-recommends ${PACKAGES} (Debian 12 or later)`;
  if (!works(() => execFileSync("unshare", ["--net", "true"], { stdio: "ignore" })))
    return "no right to make network namespaces: run as root, with CAP_SYS_ADMIN and CAP_NET_ADMIN";
  if (!works(openTun)) return "/dev/net/tun missing or closed: mkdir -p /dev/net; mknod /dev/net/tun c 10 200";
  return undefined;
}

/**
 * Describes tests that need strongSwan. Where it cannot run, they fail with `CI=true`; without it they are skipped, which one
 * line on standard error says.
 */
export function describeWithStrongswan(name: string, tests: () => void): void {
  describeUnless(strongswanProblem(), name, tests);
}

/** The same for tests that need strongSwan 6, which is unpacked beside the machine's own: `tests` gets it. */
export function describeWithStrongswan6(name: string, tests: (build: Build) => void): void {
  const found = strongswanProblem() ?? findStrongswan6();
  const [problem, build] = typeof found === "string" ? [found, unpackedAt("")] : [undefined, found];
  describeUnless(problem, name, () => {
    tests(build);
  });
}

function findStrongswan6(): Build | string {
  const tsx = require.resolve("tsx/cli");
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, join(__dirname, "try-unpacked.ts")], {
    encoding: "utf8",
  });
  return status === 0 ? unpackedAt(stdout) : stderr.trim().replace(/\s*\n\s*/g, " ");
}

function describeUnless(problem: string | undefined, name: string, tests: () => void): void {
  if (problem === undefined) {
    describe(name, tests);
    return;
  }
  const complaint = `Cannot test ${name} with real IKE daemons: ${problem}`;
  if (process.env.CI === "true") {
    describe(name, () => {
      it("runs with real IKE daemons", () => {
        throw new Error(complaint);
      });
    });
  } else {
    process.stderr.write(`SKIPPED: ${complaint}\n`);
    describe.skip(name, tests);
  }
}

function isInstalled(command: string): boolean {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) =>
    works(() => {
      accessSync(join(folder, command), constants.X_OK);
    }),
  );
}

function openTun(): void {
  closeSync(openSync("/dev/net/tun", "r+"));
}

function works(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
