/** Shows that the model test can fail: it has to pass as the code is, and to fail for each deliberate mistake in it. */
import { mutations } from "./mutations";
import { type Attempt, tryCopy } from "./try-copy";

async function main(): Promise<void> {
  const intact = await tryCopy(undefined);
  if (!intact.passed) throw new Error(`Cannot judge mutations as the model test fails without any:\n${intact.output}`);
  row("(none)", "passes, as it must", intact);

  let survivors = 0;
  for (const mutation of mutations) {
    const attempt = await tryCopy(mutation);
    const broken = /Broken: (.*)/.exec(attempt.output)?.[1];
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
