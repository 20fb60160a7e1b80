import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectCache } from "../../../tools/pulumi-cli/paths";

/** The first strongSwan that has ML-KEM with Debian's OpenSSL. */
const LEAST_VERSION = "6.0.2";
/** Debian's suites after the stable one, the tested one first. */
const SUITES = ["forky", "sid"];
const PACKAGES = ["charon-systemd", "strongswan-swanctl", "libcharon-extra-plugins", "libstrongswan-standard-plugins"];

/**
 * Returns a folder with strongSwan 6.0.2 or later and all that it needs, down to the C library, for chroot. It is downloaded
 * with the machine's own apt into this project's cache, once. Nothing is installed, and nothing of the machine changes.
 *
 * @throws {Error} If no suite has it, with what apt said of each.
 */
export function unpackStrongswan(env: NodeJS.ProcessEnv = process.env): string {
  const root = join(projectCache(env), "strongswan", `${LEAST_VERSION}-or-later`);
  if (existsSync(root)) return root;

  const failures: string[] = [];
  for (const suite of SUITES) {
    const work = mkdtempSync(join(tmpdir(), "ipsec-psk-debian-"));
    try {
      const packages = download(suite, work);
      keep(unpack(packages, join(work, "root")), root);
      return root;
    } catch (error) {
      failures.push(`${suite}: ${said(error)}`);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  throw new Error(`Cannot unpack strongSwan ${LEAST_VERSION} or later: ${failures.join("; ")}`);
}

/** Downloads the packages and what they depend on, as if nothing were installed. */
function download(suite: string, work: string): string[] {
  const configuration = join(work, "apt.conf");
  writeFileSync(configuration, aptConfiguration(work));
  writeFileSync(join(work, "sources.list"), `deb [signed-by=${KEYRING}] ${mirror()} ${suite} main\n`);
  writeFileSync(join(work, "status"), "");
  for (const folder of ["state/lists/partial", "cache/archives/partial"])
    mkdirSync(join(work, folder), { recursive: true });

  const run = (command: string, ...args: string[]) => execute(command, args, { APT_CONFIG: configuration });
  run("apt-get", "-qq", "update");
  const [, version = "(none)"] = /^ {2}Candidate: (.+)$/m.exec(run("apt-cache", "policy", "charon-systemd")) ?? [];
  if (!isEnough(version)) throw new Error(`has strongSwan ${version}`);
  run("apt-get", "-qq", "--yes", "--download-only", "--no-install-recommends", "install", ...PACKAGES);

  const archives = join(work, "cache/archives");
  return readdirSync(archives)
    .filter((file) => file.endsWith(".deb"))
    .map((file) => join(archives, file));
}

function isEnough(version: string): boolean {
  try {
    execute("dpkg", ["--compare-versions", version.replace("(none)", "0"), "ge", LEAST_VERSION]);
    return true;
  } catch {
    return false;
  }
}

function aptConfiguration(work: string): string {
  return `Dir::State "${work}/state";
Dir::State::status "${work}/status";
Dir::Cache "${work}/cache";
Dir::Etc::sourcelist "${work}/sources.list";
Dir::Etc::sourceparts "${work}/none";
Dir::Etc::preferencesparts "${work}/none";
APT::Sandbox::User "root";
Acquire::Languages "none";
APT::Update::Error-Mode "any";
Acquire::Retries "2";
Acquire::http::Timeout "20";
`;
}

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Returns the mirror that this machine's own apt uses for its release of Debian. */
function mirror(): string {
  const [, codename = ""] = /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync("/etc/os-release", "utf8")) ?? [];
  const format = "$(RELEASE) $(COMPONENT) $(REPO_URI)";
  const targets = execute("apt-get", ["indextargets", "--format", format, "Created-By: Packages"]).split("\n");
  const uri = targets
    .map((line) => line.split(" "))
    .find(([release, component]) => release === codename && component === "main")?.[2];
  if (uri === undefined) throw new Error(`apt names no mirror for ${codename || "this system"}`);
  return uri;
}

function unpack(packages: readonly string[], root: string): string {
  mkdirSync(root);
  for (const file of packages) execute("dpkg", ["--extract", file, root]);
  // These links, and the places for what is mounted, belong to packages that a running system has.
  for (const folder of ["bin", "sbin", "lib", "lib64"]) {
    if (!existsSync(join(root, folder))) symlinkSync(`usr/${folder}`, join(root, folder));
  }
  for (const folder of ["dev", "proc", "run", "tmp"]) mkdirSync(join(root, folder), { recursive: true });
  return root;
}

/** Moves a folder to its place in one step, unless another process was faster. */
function keep(folder: string, place: string): void {
  mkdirSync(dirname(place), { recursive: true });
  // The temporary folder may be on another file system.
  const beside = mkdtempSync(`${place}.`);
  try {
    execute("cp", ["--archive", `${folder}/.`, beside]);
    renameSync(beside, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

function execute(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync(command, args, {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function said(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string };
  const words = stderr?.trim() ?? "";
  return (words === "" ? message : words).replace(/\s*\n\s*/g, " ");
}
