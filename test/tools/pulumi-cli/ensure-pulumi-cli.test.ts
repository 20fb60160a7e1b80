import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensurePulumiCli } from "../../../tools/pulumi-cli";
import { build } from "../../../tools/pulumi-cli/build";
import { download } from "../../../tools/pulumi-cli/download";
import { readEngine } from "../../../tools/pulumi-cli/engine";
import type { Source } from "../../../tools/pulumi-cli/source";
import { pinned, Sandbox } from "./support/sandbox";
import { unreachable } from "./support/sources";

// Each test starts several programs, which takes time on a busy machine.
jest.setTimeout(30_000);

let sandbox: Sandbox;
let progress: string[];

beforeEach(() => {
  sandbox = new Sandbox();
  progress = [];
});

afterEach(() => {
  sandbox.remove();
});

function ensure(sources: readonly Source[] = [unreachable, build]): Promise<string> {
  return ensurePulumiCli({ env: sandbox.env, sources, onProgress: (line) => progress.push(line) });
}

function addCached(): void {
  sandbox.addPulumi(join(sandbox.root, "bin"));
  sandbox.addLauncher(join(sandbox.root, "bin"));
}

describe("ensurePulumiCli()", () => {
  it("prefers a usable CLI on PATH over the cache", async () => {
    sandbox.addPulumi(sandbox.path);
    sandbox.addLauncher(sandbox.path);
    addCached();
    await expect(ensure()).resolves.toBe(join(sandbox.path, "pulumi"));
  });

  it("prefers the cache over a CLI on PATH that is too old", async () => {
    sandbox.addPulumi(sandbox.path, "echo v3.100.0");
    addCached();
    await expect(ensure()).resolves.toBe(sandbox.binary);
  });

  it("builds nothing and reports nothing if the cache has a CLI", async () => {
    addCached();
    sandbox.addGo();
    await ensure();
    expect([progress, sandbox.builds()]).toEqual([[], []]);
  });

  it("prefers a download over a build", async () => {
    sandbox.addGo();
    const fill: Source["fill"] = (root) => {
      sandbox.addPulumi(join(root, "bin"));
      sandbox.addLauncher(join(root, "bin"));
      return Promise.resolve();
    };
    await ensure([{ ...unreachable, fill }, build]);
    expect(sandbox.builds()).toEqual([]);
  });

  it("builds the CLI if the download fails", async () => {
    sandbox.addGo();
    await expect(ensure()).resolves.toBe(sandbox.binary);
  });

  it("puts the launcher next to the built CLI", async () => {
    sandbox.addGo();
    await ensure();
    expect(existsSync(join(sandbox.root, "bin", "pulumi-resource-pulumi-nodejs"))).toBe(true);
  });

  it("removes temporary files of the build", async () => {
    sandbox.addGo({ duringBuild: 'echo object > "$GOTMPDIR/object"' });
    await ensure();
    expect(readdirSync(sandbox.root)).toEqual(["bin"]);
  });

  it("reports each attempt and its outcome", async () => {
    sandbox.addPulumi(sandbox.path, "echo v3.100.0");
    sandbox.addLauncher(sandbox.path);
    sandbox.addGo();
    await ensure();
    expect(progress).toEqual([
      `PATH: skipped ${join(sandbox.path, "pulumi")}: version 3.100.0 is older than 3.248.0`,
      "download failed: fetch failed",
      `Building the Pulumi CLI ${pinned} from source (once; this takes several minutes)`,
      expect.stringMatching(`^Installed the Pulumi CLI in ${sandbox.root} in \\d+ s$`),
    ]);
  });

  it("builds the pinned version without C, a workspace or the user's flags", async () => {
    sandbox.addGo();
    sandbox.env.GOFLAGS = "-mod=vendor";
    await ensure();
    expect(sandbox.builds()).toEqual([
      expect.stringMatching(
        `^CGO_ENABLED=0 GOFLAGS=-mod=readonly GOWORK=off build .*version\\.Version=v${pinned} .*/cmd/pulumi$`,
      ),
    ]);
  });

  it("continues with the next source if a result is not usable", async () => {
    sandbox.addGo();
    const broken: Source = { ...unreachable, fill: () => Promise.resolve() };
    await ensure([broken, build]);
    expect(progress).toContain("download failed: Cannot use the result: it contains no CLI");
  });

  it("replaces a cached CLI that fails", async () => {
    addCached();
    sandbox.addPulumi(join(sandbox.root, "bin"), "exit 1");
    sandbox.addGo();
    await ensure();
    expect(sandbox.builds()).toHaveLength(1);
  });

  it("builds once for parallel calls", async () => {
    sandbox.addGo();
    await Promise.all([ensure(), ensure(), ensure()]);
    expect(sandbox.builds()).toHaveLength(1);
  });

  it("leaves nothing in the cache when a build fails", async () => {
    sandbox.addGo({ duringBuild: "exit 1" });
    await ensure().catch(() => undefined);
    expect(sandbox.cached()).toEqual([]);
  });

  it("removes what a killed build left behind", async () => {
    mkdirSync(`${sandbox.root}.partial-123456/bin`, { recursive: true });
    sandbox.addGo();
    await ensure();
    expect(sandbox.cached()).toEqual([pinned]);
  });

  it("says why each attempt failed, and what to install", async () => {
    const go = readEngine().oldestGo.join(".");
    await expect(ensure()).rejects.toThrow(
      [
        "Cannot find or install a Pulumi CLI: every attempt failed.",
        "  - PATH: there is no pulumi command",
        `  - cache ${sandbox.root}: it contains no CLI`,
        "  - download: fetch failed",
        `  - go build: Go ${go} or later is required: there is no go command on PATH`,
        "What to do: Install the Pulumi CLI 3.248.0 or later (https://www.pulumi.com/docs/install/), or " +
          `Go ${go} or later (https://go.dev/dl/) to build the CLI from source. Then run this again.`,
      ].join("\n"),
    );
  });

  it("says that Go is too old", async () => {
    sandbox.addGo({ version: "1.22.1" });
    await expect(ensure()).rejects.toThrow(
      'found "go version go1.22.1 linux/amd64", which did not download a later toolchain',
    );
  });

  it("includes the errors of go", async () => {
    sandbox.addGo({ duringBuild: "echo example/package >&2; echo go: no such host >&2; exit 1" });
    await expect(ensure()).rejects.toThrow("go build: go: no such host\n");
  });

  it("says what to set if the cache cannot be written", async () => {
    writeFileSync(sandbox.cache, "a file where a directory should be");
    await expect(ensure()).rejects.toThrow("What to do: Set XDG_CACHE_HOME to a directory that you can write to.");
  });
});

describe("download", () => {
  it("needs no network if the CLI exists already", async () => {
    addCached();
    const job = { engine: readEngine(), env: sandbox.env, onProgress: () => undefined };
    await expect(download.fill(sandbox.root, job)).resolves.toBeUndefined();
  });
});
