/**
 * Has the packed package do its work in empty projects on the real engine: every two values of Node.js, Pulumi's SDK,
 * TypeScript, package manager and kind of program that can be had together.
 *
 *   npm run test:matrix              everything; writes the tables in README.md and docs/where-it-runs.md
 *   npm run test:matrix -- --short   the fewest of these projects that have every value at least once
 */
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { devDependencies, peerDependencies } from "../../package.json";
import { ensurePulumiCli } from "../pulumi-cli";
import { allCells, type Cell, EXCLUSIONS, shortCut } from "./cells";
import type { Results } from "./results";
import { nameOf } from "./tables";
import { install, tryCell, type Versions } from "./try-cell";
import { openWorkshop, type Workshop } from "./workshop";
import { write } from "./write";

const AT_ONCE = 2;
const LARGEST = 30;

const SDK: Readonly<Record<Cell["pulumi"], string>> = {
  lowest: /^>=(\S+)/.exec(peerDependencies["@pulumi/pulumi"])?.[1] ?? "",
  developed: devDependencies["@pulumi/pulumi"],
  newest: "latest",
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { short: { type: "boolean" } } });
  const cells = values.short === true ? shortCut(allCells()) : allCells();
  if (cells.length > LARGEST) throw new Error(`${cells.length} projects are more than ${LARGEST}`);

  const workshop = await openWorkshop();
  try {
    const tried = await inParallel(cells, (cell) => attempt(cell, workshop));
    const failed = tried.filter(({ versions }) => versions === undefined).length;
    const wrong = values.short === true ? 0 : await countInstalled(workshop);
    say(`${tried.length - failed} projects passed, ${failed} failed`);
    if (failed + wrong > 0) process.exitCode = 1;
    else if (values.short !== true) await write(await resultsOf(tried as Results["cells"]));
  } finally {
    await workshop.close();
  }
}

interface Tried {
  readonly cell: Cell;
  /** `undefined` where something did not work. */
  readonly versions: Versions | undefined;
}

async function attempt(cell: Cell, workshop: Workshop): Promise<Tried> {
  const startedAt = performance.now();
  const seconds = () => ((performance.now() - startedAt) / 1_000).toFixed(0).padStart(3);
  try {
    const versions = await tryCell(cell, SDK[cell.pulumi], workshop);
    say(`passed ${seconds()} s  ${nameOf(cell)}`);
    return { cell, versions };
  } catch (error) {
    say(`FAILED ${seconds()} s  ${nameOf(cell)}\n${error instanceof Error ? error.message : String(error)}`);
    return { cell, versions: undefined };
  }
}

/** An exclusion is a claim, too: what it names has to be refused. Returns how many were not. */
async function countInstalled(workshop: Workshop): Promise<number> {
  const simple: Cell = { node: "22", pulumi: "developed", typescript: "none", manager: "npm", program: "CommonJS" };
  const installed = await inParallel(EXCLUSIONS, async ({ values }) => {
    const cell: Cell = { ...simple, ...values };
    const refused = await install(cell, SDK[cell.pulumi], workshop, await workshop.createFolder()).then(
      () => false,
      // Not where the network fails, say.
      (error: unknown) => /ERESOLVE|EBADENGINE/.test(String(error)),
    );
    say(`${refused ? "refused, as it should be" : "NOT REFUSED"}: ${nameOf(values)}`);
    return !refused;
  });
  return installed.filter(Boolean).length;
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

async function resultsOf(cells: Results["cells"]): Promise<Results> {
  const cli = execFileSync(await ensurePulumiCli(), ["version"], { encoding: "utf8" }).trim();
  return { date: new Date().toISOString().slice(0, 10), cli, cells, exclusions: EXCLUSIONS };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
