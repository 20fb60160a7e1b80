import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureGoTool, ensurePulumiCli, readPin } from "../pulumi-cli";
import { run } from "../pulumi-cli/run";

/**
 * Engines on which both kinds of provider live: the oldest that has resource hooks, the one of this project, and the newest that the
 * Go module of the CLI offered when this was written.
 */
export const ENGINES = ["3.182.0", "developed", "3.274.1"] as const;

export type Engine = (typeof ENGINES)[number];

export type ProviderKind = "dynamic" | "native";

/** A project with one kind of provider on one engine. */
export interface EngineCell {
  readonly engine: Engine;
  readonly kind: ProviderKind;
  /** Also of the plugin. */
  readonly node: "20" | "22" | "24" | "26";
}

export const ENGINE_CELLS: readonly EngineCell[] = [
  { engine: "3.182.0", kind: "dynamic", node: "20" },
  { engine: "3.182.0", kind: "native", node: "22" },
  { engine: "developed", kind: "native", node: "20" },
  { engine: "developed", kind: "native", node: "26" },
  { engine: "3.274.1", kind: "dynamic", node: "26" },
  { engine: "3.274.1", kind: "native", node: "24" },
];

const MODULE = "github.com/pulumi/pulumi";
const log = (line: string) => process.stderr.write(`${line}\n`);

/**
 * Returns the folder of a CLI. The first time, one that is not this project's own is built from its Go module: minutes. Only the whole
 * matrix needs it, so Go itself writes go.mod and go.sum: its checksum database vouches for what they name.
 */
export async function folderOfEngine(engine: Engine): Promise<string> {
  if (engine === "developed") return dirname(await ensurePulumiCli({ onProgress: log }));
  const directory = mkdtempSync(join(tmpdir(), "ipsec-psk-engine-"));
  try {
    const target = `${MODULE}/pkg/v3/cmd/pulumi`;
    const limited = {
      cwd: directory,
      env: { ...process.env, GOWORK: "off", GOFLAGS: "-mod=mod" },
      timeLimitMs: 10 * 60_000,
    };
    await run("go", ["mod", "init", "matrix"], limited);
    await run("go", ["get", `${target}@v${engine}`], limited);
    const pin = readPin(readFileSync(join(directory, "go.mod"), "utf8"), `${MODULE}/pkg/v3`);
    const linkerFlags = `-X ${MODULE}/sdk/v3/go/common/version.Version=v${pin.version}`;
    return dirname(
      await ensureGoTool({ ...pin, name: "pulumi", directory, package: target, linkerFlags }, { onProgress: log }),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
