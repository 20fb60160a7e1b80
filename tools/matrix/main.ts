/**
 * Has the packed package do its work in empty projects on the real engine: every two values of Node.js, Pulumi's SDK,
 * TypeScript, package manager and kind of program that can be had together.
 *
 *   npm run test:matrix              everything; writes the tables in README.md and docs/where-it-runs.md
 *   npm run test:matrix -- --short   a few of these projects, every value at least once
 */
import { parseArgs } from "node:util";
import { devDependencies, peerDependencies } from "../../package.json";
import { allCells, type Cell, cellsWithNewValues, EXCLUSIONS } from "./cells";
import type { Results, Versions } from "./results";
import { run } from "./run";
import { nameOf } from "./tables";
import { installPackages, tryCell } from "./try-cell";
import { openWorkshop, type Workshop } from "./workshop";
import { write } from "./write";

const AT_ONCE = 2;

const SDK: Readonly<Record<Cell["pulumi"], string>> = {
  lowest: lowestIn(peerDependencies["@pulumi/pulumi"]),
  developed: devDependencies["@pulumi/pulumi"],
  newest: "latest",
};

function lowestIn(range: string): string {
  const [, version] = /^>=(\d+\.\d+\.\d+) /.exec(range) ?? [];
  if (version === undefined) throw new Error(`No lowest version in the peer range "${range}"`);
  return version;
}

async function main(): Promise<void> {
  const { short = false } = parseArgs({ options: { short: { type: "boolean" } } }).values;
  const planned = short ? cellsWithNewValues(allCells()) : allCells();
  const workshop = await openWorkshop();
  try {
    const cells = (await inParallel(planned, (cell) => attempt(cell, workshop))).filter((tried) => tried !== undefined);
    const failed = planned.length - cells.length;
    const notRefused = short ? 0 : await countNotRefused(workshop);
    say(`${cells.length} projects passed, ${failed} failed; ${notRefused} exclusions were not refused`);
    if (failed + notRefused > 0) process.exitCode = 1;
    else if (!short) await write(await resultsOf(cells, workshop));
  } finally {
    await workshop.close();
  }
}

/** @returns `undefined` where something did not work. */
async function attempt(cell: Cell, workshop: Workshop): Promise<{ cell: Cell; versions: Versions } | undefined> {
  const startedAt = performance.now();
  const seconds = () => ((performance.now() - startedAt) / 1_000).toFixed(0).padStart(3);
  try {
    const versions = await tryCell(cell, SDK[cell.pulumi], workshop);
    say(`passed ${seconds()} s  ${nameOf(cell)}`);
    return { cell, versions };
  } catch (error) {
    say(`FAILED ${seconds()} s  ${nameOf(cell)}\n${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** An exclusion is a claim, too: what it names has to be refused. */
async function countNotRefused(workshop: Workshop): Promise<number> {
  const simple: Cell = { node: "22", pulumi: "developed", typescript: "none", manager: "npm", program: "CommonJS" };
  const refused = await inParallel(EXCLUSIONS, async ({ values }) => {
    const cell: Cell = { ...simple, ...values };
    const failure = await installPackages(cell, SDK[cell.pulumi], workshop, await workshop.createFolder()).then(
      () => "it was installed",
      String,
    );
    // Not where the network fails, say.
    const isRefused = /ERESOLVE|EBADENGINE/.test(failure);
    say(isRefused ? `refused, as it should be: ${nameOf(values)}` : `NOT REFUSED: ${nameOf(values)}: ${failure}`);
    return isRefused;
  });
  return refused.filter((isRefused) => !isRefused).length;
}

async function inParallel<T, R>(all: readonly T[], work: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const open = all.entries();
  const worker = async () => {
    for (const [index, each] of open) results[index] = await work(each);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

async function resultsOf(cells: Results["cells"], { cli }: Workshop): Promise<Results> {
  return {
    date: new Date().toISOString().slice(0, 10),
    cli: (await run(cli, ["version"], { cwd: process.cwd() })).trim(),
    cells,
    excluded: EXCLUSIONS.map(({ values }) => values),
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
