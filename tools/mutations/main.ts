/**
 * Shows that the tests can fail: each must pass with the code as it is, and fail for each deliberate mistake that it must
 * catch. An argument selects the mistakes whose names contain it.
 */
import { inParallel } from "../in-parallel";
import { MODEL, type Mutation, mutations as all } from "./mutations";
import { type Attempt, tryCopy } from "./try-copy";

const PARALLEL = 2;

async function main(): Promise<void> {
  const mutations = all.filter(({ name }) => name.includes(process.argv[2] ?? ""));
  await inParallel(PARALLEL, [...new Set(mutations.map(testOf))], async (test) => {
    const intact = await tryCopy(test);
    if (!intact.passed) throw new Error(`Cannot judge mutations: ${test} fails without one:\n${intact.output}`);
    row(`(none: ${test})`, "passes, as it must", intact);
  });

  const attempts = await inParallel(PARALLEL, mutations, async (mutation) => {
    const attempt = await tryCopy(testOf(mutation), mutation);
    const broken = brokenIn(attempt);
    // A copy that does not start proves nothing.
    if (!attempt.passed && broken === undefined) throw new Error(`${mutation.name}:\n${attempt.output}`);
    row(mutation.name, attempt.passed ? "SURVIVED" : `caught: ${broken ?? ""}`, attempt);
    return attempt;
  });
  const survivors = attempts.filter(({ passed }) => passed).length;
  process.stdout.write(`${mutations.length - survivors} of ${mutations.length} mutations are caught\n`);
  if (survivors > 0) process.exitCode = 1;
}

function testOf({ caughtBy = MODEL }: Mutation): string {
  return caughtBy;
}

/** Returns the invariant of the model, or the first test, that a mutation breaks. */
function brokenIn({ output }: Attempt): string | undefined {
  return /Broken: (.*)/.exec(output)?.[1] ?? /^ *✕ (.*?)(?: \(\d+ ms\))?$/m.exec(output)?.[1];
}

function row(name: string, verdict: string, { seconds }: Attempt): void {
  process.stdout.write(`${name.padEnd(50)} ${seconds.toFixed(1).padStart(5)} s  ${verdict}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
