import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** One strongSwan on this machine. */
export interface Build {
  /** Where the daemon sees its own folder. */
  folderAsSeen(folder: string): string;
  /** The command that becomes the daemon: each program in it becomes the next one, so one process ID is the daemon's. */
  command(folder: string): readonly string[];
  /** Runs this build's swanctl where its daemon sees files. */
  swanctl(pid: number, args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ stdout: string; stderr: string }>;
}

const PATH = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;
// It dies with this process.
const IN_A_NAMESPACE = ["setpriv", "--pdeathsig", "TERM", "unshare", "--net"];
const OWN_FOLDER = "/run/own";

/** The machine's own packages. */
export const INSTALLED: Build = {
  folderAsSeen: (folder) => folder,
  command: () => [...IN_A_NAMESPACE, "charon-systemd"],
  swanctl: (_pid, args, env) => promisify(execFile)("swanctl", args, { env: { PATH, ...env } }),
};

/** Packages that were unpacked into a folder. What is mounted there, only the daemon sees. */
export function unpackedAt(root: string): Build {
  const script = `mount --bind /dev "$1/dev"
mount -t proc proc "$1/proc"
mount -t tmpfs tmpfs "$1/run"
mkdir "$1${OWN_FOLDER}"
mount --bind "$2" "$1${OWN_FOLDER}"
exec chroot "$1" /usr/sbin/charon-systemd`;
  return {
    folderAsSeen: () => OWN_FOLDER,
    command: (folder) => [...IN_A_NAMESPACE, "--mount", "sh", "-ec", script, "sh", root, folder],
    swanctl: (pid, args, env) =>
      promisify(execFile)("nsenter", ["--target", String(pid), "--mount", "--root", "/usr/sbin/swanctl", ...args], {
        env: { PATH, ...env },
      }),
  };
}
