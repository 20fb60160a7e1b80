import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readEngine } from "../../../../tools/pulumi-cli/engine";
import { cacheRoot, launcherName } from "../../../../tools/pulumi-cli/paths";

/** The version that go.mod pins. */
export const pinned = readEngine().version;

/** An isolated machine: an empty PATH, an empty cache, and tiny programs on request. */
export class Sandbox {
  readonly directory = mkdtempSync(join(tmpdir(), "pulumi-cli-test-"));
  readonly path = join(this.directory, "path");
  readonly cache = join(this.directory, "cache");
  readonly env: NodeJS.ProcessEnv = { PATH: this.path, XDG_CACHE_HOME: this.cache };
  /** The installation directory of the pinned version. */
  readonly root = cacheRoot(this.env, pinned);
  readonly binary = join(this.root, "bin", "pulumi");

  private readonly fifos: string[] = [];

  constructor() {
    mkdirSync(this.path);
  }

  remove(): void {
    // Opens every pipe, so that a program or test that waits for one cannot outlive a failed test.
    for (const fifo of this.fifos) closeSync(openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK));
    rmSync(this.directory, { recursive: true });
  }

  /** Adds a shell script, which can use only the shell's built-in commands, because PATH is empty. */
  addProgram(path: string, script: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  addPulumi(directory: string, script = `echo v${pinned}`): void {
    this.addProgram(join(directory, "pulumi"), script);
  }

  addLauncher(directory: string): void {
    this.addProgram(join(directory, launcherName), "");
  }

  /** Adds a `go` that records each build and its settings, and "compiles" a fake pulumi. */
  addGo({ version = "1.26.0", duringBuild = "" } = {}): void {
    const script = [
      `if [ "$1" = version ]; then echo "go version go${version} linux/amd64"; exit; fi`,
      `echo "CGO_ENABLED=$CGO_ENABLED GOFLAGS=$GOFLAGS GOWORK=$GOWORK $*" >> "${this.buildLog}"`,
      duringBuild,
      'for word; do if [ "$before" = -o ]; then output=$word; fi; before=$word; done',
      `printf '#!/bin/sh\\necho v${pinned}\\n' > "$output"`,
      '/bin/chmod +x "$output"',
    ];
    this.addProgram(join(this.path, "go"), script.join("\n"));
  }

  addFifo(name: string): string {
    const path = join(this.directory, name);
    execFileSync("mkfifo", [path]);
    this.fifos.push(path);
    return path;
  }

  /** Returns one line per `go build`. */
  builds(): string[] {
    return existsSync(this.buildLog) ? readFileSync(this.buildLog, "utf8").trim().split("\n") : [];
  }

  /** Lists the cache of all versions: installations, locks, leftovers. */
  cached(): string[] {
    const all = dirname(this.root);
    return existsSync(all) ? readdirSync(all) : [];
  }

  private get buildLog(): string {
    return join(this.directory, "builds");
  }
}
