import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A host whose `swanctl` records its arguments, and does what a test wants. */
export interface FakeRouter {
  readonly folder: string;
  /** What a command finds there. */
  readonly env: NodeJS.ProcessEnv;
  /** Sets what one command of `swanctl` does from now on: lines of shell. Without it, each reports success. */
  script(command: Command, shell: string): void;
  /** Makes a command report success again. */
  repair(command: Command): void;
  /** Returns the arguments of each `swanctl` so far, one run a line. */
  calls(): string;
  remove(): void;
}

type Command = keyof typeof GOOD;

const GOOD = {
  // Names the connections in the files that it finds, as the real one does.
  "--load-all": `sed -n "s/^  \\([^ ]*\\) {/loaded connection '\\1'/p" "$SWANCTL_DIR"/conf.d/*.conf | head -n 1`,
  "--terminate": 'rm -f "$HOME/up"; echo terminate completed successfully',
  "--list-sas": '[ ! -f "$HOME/up" ] || cat "$HOME/up"',
  "--initiate": `echo "$3: #1, ESTABLISHED, IKEv2\n  $3: #1, reqid 1, INSTALLED, TUNNEL" >"$HOME/up"; echo initiate completed successfully`,
};

export function createFakeRouter(): FakeRouter {
  const folder = mkdtempSync(join(tmpdir(), "ipsec-psk-router-"));
  for (const name of ["bin", "conf.d"]) mkdirSync(join(folder, name));
  const swanctl = '#!/bin/sh\necho "$@" >>"$HOME/calls"\n. "$HOME/bin/swanctl$1"\n';
  writeFileSync(join(folder, "bin/swanctl"), swanctl, { mode: 0o755 });

  const script = (command: string, shell: string) => {
    writeFileSync(join(folder, `bin/swanctl${command}`), `${shell}\n`);
  };
  for (const [command, shell] of Object.entries(GOOD)) script(command, shell);

  return {
    folder,
    env: { HOME: folder, SWANCTL_DIR: folder, PATH: `${folder}/bin:${process.env.PATH ?? ""}` },
    script,
    repair: (command) => {
      script(command, GOOD[command]);
    },
    calls: () => readFileSync(join(folder, "calls"), "utf8"),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
