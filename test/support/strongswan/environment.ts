import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Daemon } from "./daemon";

/** What a command finds on a host with this daemon: `etc` has strongSwan's files, and `HOME` is the daemon's folder. */
export function environmentOf({ folder, uri }: Daemon, etc: string): NodeJS.ProcessEnv {
  mkdirSync(join(etc, "conf.d"), { recursive: true });
  writeFileSync(join(etc, "swanctl.conf"), "include conf.d/*.conf\n");
  const configuration = join(etc, "strongswan.conf");
  writeFileSync(configuration, `swanctl {\n  socket = ${uri}\n}\n`);
  const PATH = `${process.env.PATH ?? ""}:/usr/sbin`;
  return { HOME: folder, SWANCTL_DIR: etc, STRONGSWAN_CONF: configuration, PATH };
}
