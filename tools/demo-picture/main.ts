/**
 * Runs the demo and draws its output as docs/demo.svg, and its first steps as docs/demo-start.svg, the picture in README.md:
 *
 *   npm run demo:picture
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chooseRows, firstSteps, OMISSIONS, type Row } from "./choose-rows";
import { draw } from "./draw";
import { runDemo } from "./run-demo";
import { styledLines } from "./styled-lines";

const DOCS = join(__dirname, "../../docs");
/** From the first preview to the router's file. */
const STEPS_IN_README = 3;

async function main(): Promise<void> {
  const rows = chooseRows(styledLines((await runDemo()).trimEnd()));
  const omitted = `⋮ omitted: ${OMISSIONS.map(({ what }) => what).join("; ")}`;
  await drawTo("demo.svg", rows, omitted);
  await drawTo("demo-start.svg", firstSteps(rows, STEPS_IN_README), `${omitted}; steps 4 to 8`);
}

async function drawTo(file: string, rows: readonly Row[], caption: string): Promise<void> {
  await writeFile(join(DOCS, file), draw({ title: "npm run demo", rows, caption }));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
