/**
 * Shows that tests can fail: each has to pass as the code is, and to fail for each deliberate mistake that it has to catch.
 * An argument chooses the mistakes whose names have it in them.
 */
import { mutations as all } from "./mutations";
import { type Attempt, testFor, tryCopy } from "./try-copy";

async function main(): Promise<void> {
  const mutations = all.filter(({ name }) => name.includes(process.argv[2] ?? ""));
  for (const test of new Set(mutations.map(testFor))) {
    const intact = await tryCopy(test);
    if (!intact.passed) throw new Error(`Cannot judge mutations: test/${test} fails without any.\n${intact.output}`);
    row(`(none: ${test})`, "passes, as it must", intact);
  }

  let survivors = 0;
  for (const mutation of mutations) {
    const attempt = await tryCopy(testFor(mutation), mutation);
    const broken = (/Broken: (.*)/.exec(attempt.output) ?? /● (?!Test suite failed)(.*)/.exec(attempt.output))?.[1];
    // A copy that does not even start proves nothing.
    if (!attempt.passed && broken === undefined) throw new Error(`${mutation.name}:\n${attempt.output}`);
    if (attempt.passed) survivors += 1;
    row(mutation.name, attempt.passed ? "SURVIVED" : `caught: ${broken ?? ""}`, attempt);
  }
  process.stdout.write(`${mutations.length - survivors} of ${mutations.length} mutations are caught\n`);
  if (survivors > 0) process.exitCode = 1;
}

function row(name: string, verdict: string, { seconds }: Attempt): void {
  process.stdout.write(`${name.padEnd(50)} ${seconds.toFixed(1).padStart(5)} s  ${verdict}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
