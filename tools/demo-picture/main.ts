/**
 * Runs the demo and draws its output as docs/demo.svg, the picture in README.md:
 *
 *   npm run demo:picture
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chooseRows, OMISSIONS } from "./choose-rows";
import { draw } from "./draw";
import { runDemo } from "./run-demo";
import { styledLines } from "./styled-lines";

const PICTURE = join(__dirname, "../../docs/demo.svg");

async function main(): Promise<void> {
  const rows = chooseRows(styledLines((await runDemo()).trimEnd()));
  const caption = `⋮ omitted: ${OMISSIONS.map(({ what }) => what).join("; ")}`;
  await writeFile(PICTURE, draw({ title: "npm run demo", rows, caption }));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
