/**
 * Prints the package's schema; with `--write`, writes it to src/native/schema.json, which the plugin contains, and what comes from the
 * same sources: the table of inputs in docs/reference.md, and the repository's links in README.md.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../package.json";
import { REPOSITORY_LINKS, repositoryLinks } from "../release/repository-links";
import { writeInto } from "../write-page";
import { createSchema } from "./create-schema";
import { INPUT_TABLE, inputTable } from "./input-table";

const FILE = join(__dirname, "../../src/native/schema.json");

async function main(): Promise<void> {
  const text = `${JSON.stringify(createSchema(), null, 2)}\n`;
  if (!process.argv.includes("--write")) {
    process.stdout.write(text);
    return;
  }
  writeFileSync(FILE, text);
  await writeInto(INPUT_TABLE.page, INPUT_TABLE.name, inputTable());
  await writeInto(REPOSITORY_LINKS.page, REPOSITORY_LINKS.name, repositoryLinks(packageJson));
}

void main();
