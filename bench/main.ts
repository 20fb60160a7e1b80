/**
 * Measures this package beside the official client and a no-op on the real engine.
 *
 *   npm run bench                everything, on a calm machine, written into bench/README.md
 *   npm run bench -- --quick     smaller, written to a temporary folder
 */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { arch, cpus, release, tmpdir, totalmem, type } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { version as pulumiSdk } from "@pulumi/pulumi/package.json";
import { VERSION as cloudflare } from "cloudflare/version";
import { VERSION } from "../src/version";
import { formatted, writeInto } from "../tools/write-page";
import { ensurePulumiCli } from "../tools/pulumi-cli";
import { measureCommands } from "./measures/commands";
import { measureInstalled } from "./measures/installed";
import { measureMemory } from "./measures/memory";
import { measureRequestLimit } from "./measures/request-limit";
import { measureStart } from "./measures/start";
import { drawCommands } from "./plot";
import type { Results, Sample } from "./samples";
import { pageOf } from "./table";

const SCALES = {
  full: { keys: 300, rounds: 5, starts: 11, memoryKeys: 2_000 },
  quick: { keys: 50, rounds: 1, starts: 3, memoryKeys: 500 },
  // For the tests: every measure once.
  smoke: { keys: 10, rounds: 1, starts: 1, memoryKeys: 20 },
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: "boolean" }, smoke: { type: "boolean" }, out: { type: "string" } },
  });
  const scale = values.smoke === true ? "smoke" : values.quick === true ? "quick" : "full";
  const isFull = scale === "full";
  const folder = values.out ?? (isFull ? __dirname : await mkdtemp(join(tmpdir(), "ipsec-psk-bench-")));

  const results = await measure(scale);
  const page = pageOf(results);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "results.json"), await formatted("json", JSON.stringify(results)));
  await writeFile(join(folder, "commands.svg"), drawCommands(results.samples));
  if (isFull) await writeInto("bench/README.md", "results", page);
  process.stdout.write(`\n${await formatted("markdown", page)}\nWrote the results to ${folder}\n`);
}

async function measure(scale: keyof typeof SCALES): Promise<Results> {
  const { keys, rounds, starts, memoryKeys } = SCALES[scale];
  // First, because the first call on a machine may take minutes.
  const cli = await ensurePulumiCli({ onProgress: log });
  const pulumi = execFileSync(cli, ["version"], { encoding: "utf8" }).trim();
  const samples: Sample[] = [];
  const record = (measured: string, who: Sample["who"], value: number) => {
    samples.push({ measure: measured, who, value });
    log(`${measured}: ${who} ${Number(value.toPrecision(4))}`);
  };

  await measureRequestLimit(record);
  await measureInstalled(record);
  await measureStart(record, starts);
  await measureMemory(record, memoryKeys, rounds);
  await measureCommands(record, keys, rounds);

  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const about = {
    command: scale === "full" ? "npm run bench" : `npm run bench -- --${scale}`,
    date: new Date().toISOString().slice(0, 10),
    keys,
    rounds,
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, ${gigabytes} GB, ${type()} ${release()}, ${arch()}`,
    versions: { "this package": VERSION, "Node.js": process.version, pulumi, "@pulumi/pulumi": pulumiSdk, cloudflare },
  };
  return { about, samples };
}

function log(line: string): void {
  process.stdout.write(`${Math.floor(process.uptime()).toString().padStart(5)} s  ${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
