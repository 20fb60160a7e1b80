/** Prints the package's schema; with `--write`, writes it to src/native/schema.json, which the plugin contains. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSchema } from "./create-schema";

const FILE = join(__dirname, "../../src/native/schema.json");

const text = `${JSON.stringify(createSchema(), null, 2)}\n`;
if (process.argv.includes("--write")) writeFileSync(FILE, text);
else process.stdout.write(text);
