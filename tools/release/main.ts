/** Says whether this folder may become a release, and what the CI runs then. It publishes nothing. */
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
  process.stderr.write(`Cannot release ${facts.name} ${facts.version} as\n`);
  process.stderr.write(refusals.map((refusal) => `  - ${refusal}\n`).join(""));
  process.exitCode = 1;
}

try {
  main();
} catch (error) {
  process.stderr.write(
    `Cannot tell whether this may be released as ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}
