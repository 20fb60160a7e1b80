/**
 * Reads what is rendered for FortiOS and PAN-OS by the grammars that package registries have: every scenario, and a hundred
 * generated descriptions each. Then it puts mistakes into the texts, which the grammars must find.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "./finding";
import { checkFortios, releasesIn, tablesIn } from "./fortios";
import { pinnedPackages, readGrammars } from "./grammars";
import { FORTIOS_MUTATIONS, PANOS_MUTATIONS, PANOS_OUT_OF_REACH } from "./mutations";
import { checkPanos, grammarOf } from "./panos";
import { judge, type Verdict } from "./judge";
import { generatedTexts, scenarioTexts, type Text } from "./texts";

const GENERATED = 100;
const SEED = 17;
const FORTIOS_VERSIONS = ["7.0.0", "7.2.4", "7.4.4", "7.6.4", "7.6.6", "7.6.7", "8.0.0"];
const PANOS_VERSIONS = ["11.0.0", "11.2.4-h1"];

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), "ipsec-psk-grammars-"));
  try {
    const fortios = [
      ...scenarioTexts("fortios", "expected.fortios.txt"),
      ...generatedTexts("fortios", FORTIOS_VERSIONS, GENERATED, SEED),
    ];
    const panos = [
      ...scenarioTexts("panos", "expected.panos.txt"),
      ...generatedTexts("panos", PANOS_VERSIONS, GENERATED, SEED),
    ];
    const grammars = readGrammars(folder, tablesIn(fortios.map(({ text }) => text)));
    say(`Read with ${pinnedPackages().join(", ")}`);

    const releases = releasesIn(grammars.fortios);
    const asFortios = ({ text, version }: Text): Finding[] =>
      (version === undefined ? releases : [version]).flatMap((release) =>
        checkFortios(text, grammars.fortios, release),
      );
    report(
      `FortiOS ${releases[0] ?? ""} to ${releases.at(-1) ?? ""}, ${releases.length} releases`,
      judge(fortios, asFortios, FORTIOS_MUTATIONS, []),
    );
    const grammar = grammarOf(grammars.panos);
    report(
      "PAN-OS",
      judge(panos, ({ text }) => checkPanos(text, grammar), PANOS_MUTATIONS, PANOS_OUT_OF_REACH),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(
  grammar: string,
  { lines, texts, violations, beyond, survivors, caught, outOfReach, reached }: Verdict,
): void {
  say(`\n${grammar}: ${texts} texts, ${lines} lines`);
  for (const violation of violations) say(`  VIOLATION ${violation}`);
  for (const word of beyond) say(`  not in the grammar yet: ${word}`);
  for (const mutation of survivors) say(`  SURVIVED ${mutation}`);
  for (const mutation of outOfReach) say(`  not within the grammar's reach: ${mutation}`);
  for (const mutation of reached) say(`  CAUGHT, so not out of reach: ${mutation}`);
  say(`  ${violations.length} violations; ${caught} of ${caught + survivors.length} mutations are caught`);
  if (violations.length + survivors.length + reached.length > 0) process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main();
