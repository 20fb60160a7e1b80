import { execFileSync } from "node:child_process";
import { ROOT } from "../../support/build";

export interface ReadSvg {
  readonly isWellFormed: boolean;
  /** The rows of text, from top to bottom. */
  readonly rows: readonly string[];
}

// Runs in a separate process, because Jest cannot load the parser's ES modules.
// The parser repairs malformed XML, so it returns only well-formed XML unchanged.
const READ = `
  import { readFileSync } from "node:fs";
  import { DOMParser } from "linkedom";

  const svg = readFileSync(0, "utf8");
  const document = new DOMParser().parseFromString(svg, "image/svg+xml");
  const rows = [...document.querySelectorAll("text")].map(({ textContent }) => textContent);
  process.stdout.write(JSON.stringify({ isWellFormed: document.toString() === svg, rows }));
`;

export function readSvg(svg: string): ReadSvg {
  const options = { cwd: ROOT, input: svg, encoding: "utf8" } as const;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "--eval", READ], options)) as ReadSvg;
}
