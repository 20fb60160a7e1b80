/**
 * Tests the packed package in empty projects on the real engine. The projects contain every possible pair of values of Node.js,
 * Pulumi's SDK, TypeScript, package manager and kind of program.
 *
 *   npm run test:matrix              all projects; writes the tables in the documentation
 *   npm run test:matrix -- --short   only a few projects, but every value at least once
 */
import { parseArgs } from "node:util";
import { inParallel } from "../in-parallel";
import { devDependencies, peerDependencies } from "../../package.json";
import { allCells, type Cell, cellsWithNewValues, EXCLUSIONS } from "./cells";
import { ENGINE_CELLS, type EngineCell } from "./engines";
import type { EngineVersions, Results, Versions } from "./results";
import { run } from "./run";
import { nameOf } from "./tables";
import { installPackages, tryCell, tryEngine } from "./try-cell";
import { createSandbox, type Sandbox } from "./sandbox";
import { write } from "./write";

const PARALLEL = 2;

const SDK: Readonly<Record<Cell["pulumi"], string>> = {
  lowest: lowestIn(peerDependencies["@pulumi/pulumi"]),
  developed: devDependencies["@pulumi/pulumi"],
  newest: "latest",
};

function lowestIn(range: string): string {
  const [, version] = /^>=(\d+\.\d+\.\d+) /.exec(range) ?? [];
  if (version === undefined) throw new Error(`Cannot find the lowest version in the peer range "${range}"`);
  return version;
}

async function main(): Promise<void> {
  const { short = false } = parseArgs({ options: { short: { type: "boolean" } } }).values;
  const planned = short ? cellsWithNewValues(allCells()) : allCells();
  const sandbox = await createSandbox();
  try {
    const cells = (await inParallel(PARALLEL, planned, (cell) => attempt(cell, sandbox))).filter(
      (passed) => passed !== undefined,
    );
    // Other engines are built from source.
    const plannedEngines = ENGINE_CELLS.filter(({ engine }) => !short || engine === "developed");
    const engines = (await inParallel(PARALLEL, plannedEngines, (cell) => attemptEngine(cell, sandbox))).filter(
      (passed) => passed !== undefined,
    );
    const failed = planned.length - cells.length + plannedEngines.length - engines.length;
    const notRefused = short ? 0 : await countNotRefused(sandbox);
    log(
      `${cells.length + engines.length} projects passed, ${failed} failed; ${notRefused} excluded combinations were not refused`,
    );
    if (failed + notRefused > 0) process.exitCode = 1;
    else if (!short) await write(await resultsOf({ cells, engines }, sandbox));
  } finally {
    await sandbox.close();
  }
}

/** Tests one project. Returns `undefined` if it fails. */
function attempt(cell: Cell, sandbox: Sandbox): Promise<{ cell: Cell; versions: Versions } | undefined> {
  return timed(nameOf(cell), async () => ({ cell, versions: await tryCell(cell, SDK[cell.pulumi], sandbox) }));
}

/** Tests one project on one engine. Returns `undefined` if it fails. */
function attemptEngine(
  cell: EngineCell,
  sandbox: Sandbox,
): Promise<{ cell: EngineCell; versions: EngineVersions } | undefined> {
  const name = `Pulumi CLI ${cell.engine}, ${cell.kind}, Node.js ${cell.node}`;
  return timed(name, async () => ({ cell, versions: await tryEngine(cell, SDK.developed, sandbox) }));
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
  const startedAt = performance.now();
  const seconds = () => ((performance.now() - startedAt) / 1_000).toFixed(0).padStart(3);
  try {
    const result = await work();
    log(`passed ${seconds()} s  ${name}`);
    return result;
  } catch (error) {
    log(`FAILED ${seconds()} s  ${name}\n${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Counts the excluded combinations that the package manager does not refuse, because an exclusion is also a claim. */
async function countNotRefused(sandbox: Sandbox): Promise<number> {
  const simple: Cell = { node: "22", pulumi: "developed", typescript: "none", manager: "npm", program: "CommonJS" };
  const refused = await inParallel(PARALLEL, EXCLUSIONS, async ({ values }) => {
    const cell: Cell = { ...simple, ...values };
    const failure = await installPackages(cell, SDK[cell.pulumi], sandbox, await sandbox.createFolder()).then(
      () => "it was installed",
      String,
    );
    // A network failure, for example, is not a refusal.
    const isRefused = /ERESOLVE|EBADENGINE/.test(failure);
    log(isRefused ? `refused, as expected: ${nameOf(values)}` : `NOT REFUSED: ${nameOf(values)}: ${failure}`);
    return isRefused;
  });
  return refused.filter((isRefused) => !isRefused).length;
}

async function resultsOf(found: Pick<Results, "cells" | "engines">, { cli }: Sandbox): Promise<Results> {
  return {
    date: new Date().toISOString().slice(0, 10),
    cli: (await run(cli, ["version"], { cwd: process.cwd() })).trim(),
    ...found,
    excluded: EXCLUSIONS.map(({ values }) => values),
  };
}

function log(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
