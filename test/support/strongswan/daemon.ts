import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { type Build, INSTALLED } from "./build";
import { openVici, type Vici } from "./vici";

const START_LIMIT_MS = 10_000;

/** strongSwan's IKE daemon in a network namespace of its own, and in a temporary folder of its own. */
export interface Daemon {
  readonly pid: number;
  readonly folder: string;
  /** Where `swanctl --uri` reaches the daemon, from any process of this machine. */
  readonly uri: string;
  /** The daemon's own strongswan.conf, which swanctl needs as `STRONGSWAN_CONF`. */
  readonly configuration: string;
  /** Opens the control socket for a while. */
  vici<Result>(work: (vici: Vici) => Promise<Result>): Promise<Result>;
  /** Runs a command in the daemon's network namespace, and returns what it printed. */
  run(command: string, ...args: string[]): Promise<string>;
  /** Writes a swanctl.conf where the daemon sees it, and loads it; returns what swanctl printed. */
  loadAll(text: string): Promise<string>;
  /** What the daemon has logged so far. It never contains a key. */
  log(): string;
  /** Ends the daemon, and with it its namespace, and removes the folder. */
  close(): Promise<void>;
}

/**
 * Starts a daemon without connections, and waits until it takes commands.
 *
 * @param addresses - IPv4 addresses of its own, on its loopback interface
 */
export async function startDaemon(addresses: readonly string[], build: Build = INSTALLED): Promise<Daemon> {
  const folder = await mkdtemp(join(tmpdir(), "ipsec-psk-ike-"));
  const socket = join(folder, "vici");
  const configuration = join(folder, "strongswan.conf");
  const seen = build.folderAsSeen(folder);
  await writeFile(configuration, settings(seen));

  const [command = "", ...args] = build.command(folder);
  const child = spawn(command, args, {
    env: { PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin`, STRONGSWAN_CONF: join(seen, "strongswan.conf") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit").catch(() => undefined);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (printed += String(text)));

  const daemon: Daemon = {
    pid: child.pid ?? 0,
    folder,
    uri: `unix://${socket}`,
    configuration,
    vici: async (work) => {
      const vici = await openVici(socket);
      try {
        return await work(vici);
      } finally {
        vici.close();
      }
    },
    run: async (command, ...args) =>
      (await promisify(execFile)("nsenter", ["--target", String(child.pid), "--net", command, ...args])).stdout,
    loadAll: async (text) => {
      const file = join(folder, "swanctl.conf");
      await writeFile(file, text, { mode: 0o600 });
      try {
        const args = ["--load-all", "--noprompt", "--uri", `unix://${seen}/vici`, "--file", join(seen, "swanctl.conf")];
        const env = { SWANCTL_DIR: seen, STRONGSWAN_CONF: join(seen, "strongswan.conf") };
        const { stdout, stderr } = await build.swanctl(child.pid ?? 0, args, env);
        return `${stdout}${stderr}`;
      } finally {
        await rm(file);
      }
    },
    log: () => readFileSync(join(folder, "log"), "utf8"),
    close: async () => {
      // It has nothing to save, and its peer need not know.
      if (child.kill("SIGKILL")) await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };

  async function responds(): Promise<void> {
    const end = Date.now() + START_LIMIT_MS;
    while (!(await daemon.vici((vici) => vici.request("version")).catch(() => undefined))) {
      const ended = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
      if (ended || Date.now() > end) throw new Error(`charon-systemd did not start: ${printed}`);
      await sleep(5);
    }
  }

  try {
    await responds();
    await daemon.run("ip", "link", "set", "lo", "up");
    for (const address of addresses) await daemon.run("ip", "addr", "add", `${address}/32`, "dev", "lo");
    return daemon;
  } catch (error) {
    await daemon.close();
    throw error;
  }
}

/**
 * Configures ESP in user space over a TUN device, because not every kernel has ESP. The mark keeps the daemon's own packets
 * out of tunnels that carry everything. The log's level shows no key.
 */
function settings(folder: string): string {
  return `charon {
  load = random nonce openssl hmac kdf gcm pem pkcs1 pkcs8 x509 pubkey kernel-libipsec kernel-netlink socket-default vici
  install_virtual_ip = no
  retransmit_tries = 2
  retransmit_timeout = 0.5
  plugins {
    vici {
      socket = unix://${folder}/vici
    }
    kernel-libipsec {
      allow_peer_ts = yes
    }
    kernel-netlink {
      fwmark = !0x42
    }
    socket-default {
      fwmark = 0x42
    }
  }
  filelog {
    main {
      path = ${folder}/log
      default = 1
      flush_line = yes
    }
  }
}
charon-systemd {
  journal {
    default = -1
  }
}
`;
}
