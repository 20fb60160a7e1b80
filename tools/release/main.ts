/** Checks whether this folder is ready for release, and prints what to run in CI. It publishes nothing. */
import { readFacts } from "./facts";
import { instructionsFor } from "./instructions";
import { refusalsOf } from "./refusals";

function main(): void {
  const facts = readFacts(process.cwd());
  const refusals = refusalsOf(facts);
  if (refusals.length === 0) {
    process.stdout.write(instructionsFor(facts, process.env));
    return;
  }
  const count = refusals.length === 1 ? "1 problem" : `${refusals.length} problems`;
  process.stderr.write(`Cannot release ${facts.name} ${facts.version}: ${count}.\n`);
  process.stderr.write(refusals.map((refusal) => `  - ${refusal}\n`).join(""));
  process.exitCode = 1;
}

try {
  main();
} catch (error) {
  process.stderr.write(
    `Cannot check whether this folder is ready for release: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}
