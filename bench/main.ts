/**
 * Compares this package with hand-written alternatives on the real engine, and writes bench/RESULTS.md.
 *
 *   npm run bench                everything, at most 45 minutes
 *   npm run bench -- --quick     a smaller run, at most 5 minutes, written to a temporary folder
 *   npm run bench -- --look      what the look for drift costs, 5 minutes, written to a temporary folder
 *   npm run bench -- --native    the native provider beside the others, 15 minutes, written to a temporary folder
 *   npm run bench -- --report    regenerates RESULTS.md and the plots from results.json
 */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensurePulumiCli } from "../tools/pulumi-cli";
import { describeEnvironment } from "./about";
import { measureCheckpoint } from "./measures/checkpoint";
import { measureClientCalls } from "./measures/client-calls";
import { measureCommands } from "./measures/commands";
import { measureGrowth } from "./measures/growth";
import { measureInstalled } from "./measures/installed";
import { measureLook } from "./measures/look";
import { measureNative } from "./measures/native";
import { measureProviderMemory } from "./measures/provider-memory";
import { createRecorder, type Recorder } from "./measures/recorder";
import { measureRequestLimit } from "./measures/request-limit";
import { measureSlowPreview } from "./measures/slow-preview";
import { measureStart } from "./measures/start";
import { readResults, writeResults } from "./output";
import type { Results } from "./results";
import { type Scale, type ScaleName, SCALES } from "./scale";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean" },
      look: { type: "boolean" },
      native: { type: "boolean" },
      // For the tests.
      smoke: { type: "boolean" },
      report: { type: "boolean" },
      out: { type: "string" },
    },
  });
  const scale = values.smoke === true ? "smoke" : values.quick === true ? "quick" : "full";
  const only = values.look === true ? "look" : values.native === true ? "native" : undefined;
  const isWhole = scale === "full" && only === undefined;
  const folder = values.out ?? (isWhole ? __dirname : await mkdtemp(join(tmpdir(), "ipsec-psk-bench-")));

  const results = values.report === true ? await readResults(folder) : await measure(scale, only);
  process.stdout.write(`\n${await writeResults(folder, results, isWhole)}\nWrote the results to ${folder}\n`);
}

async function measure(name: ScaleName, only?: "look" | "native"): Promise<Results> {
  // First, because the first call on a machine may take minutes.
  await ensurePulumiCli({ onProgress: log });
  const startedAt = performance.now();
  const date = new Date().toISOString().slice(0, 10);
  const recorder = createRecorder(log);
  const scale = SCALES[name];

  if (only === undefined) await measureAllElse(recorder, scale);
  if (only !== "native") await measureLook(recorder, scale.look);
  if (only !== "look") await measureNative(recorder, scale);

  const about = {
    scale: name,
    command: ["npm run bench", only ?? (name === "full" ? [] : name)].flat().join(" -- --"),
    date,
    minutes: (performance.now() - startedAt) / 60_000,
    ...(await describeEnvironment()),
  };
  return { about, samples: recorder.samples };
}

async function measureAllElse(recorder: Recorder, scale: Scale): Promise<void> {
  await measureRequestLimit(recorder);
  await measureInstalled(recorder);
  await measureCheckpoint(recorder);
  await measureStart(recorder, scale.starts);
  await measureClientCalls(recorder, scale.client);
  await measureProviderMemory(recorder, scale.memory);
  await measureSlowPreview(recorder, scale.keys, scale.rounds);
  await measureCommands(recorder, scale.keys, scale.rounds);
  await measureGrowth(recorder, scale.growth);
}

function log(line: string): void {
  const seconds = Math.floor(process.uptime());
  const time = `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, "0")}`;
  process.stdout.write(`${time}  ${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
