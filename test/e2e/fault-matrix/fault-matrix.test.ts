import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NATIVE } from "../../support/engine";
import { FAULTS } from "./faults";
import { type Findings, play } from "./play";
import { COLUMNS, nameOf, readMatrix } from "./read-matrix";

const markdown = readFileSync(join(__dirname, "matrix.md"), "utf8");
const rows = readMatrix(markdown);

describe.each(COLUMNS)("%s under a fault", (column) => {
  let findings: Findings;

  // Two minutes on 2 idle cores. A slow machine is no failure; the engine's commands end by themselves.
  beforeAll(async () => {
    findings = await play(column, rows);
  }, 1_200_000);

  it.each(rows.map((row) => [nameOf(row), row.cells[column], row] as const))("%s: %s", (_name, _word, row) => {
    expect(findings.of(row)).toEqual([]);
  });

  it("leaves no key and no token in anything that the engine wrote", () => {
    expect(findings.leaks).toEqual([]);
  });
});

// The core is the same, and proved by the rows above. What lies between a process and Cloudflare may differ.
describe.each(COLUMNS)("%s under a fault of transport, with the native provider", (column) => {
  const ofTransport = rows.filter(({ fault }) => FAULTS[fault]?.ofTransport === true);
  let findings: Findings;

  beforeAll(async () => {
    findings = await play(column, ofTransport, NATIVE);
  }, 1_200_000);

  it.each(ofTransport.map((row) => [nameOf(row), row.cells[column], row] as const))("%s: %s", (_name, _word, row) => {
    expect(findings.of(row)).toEqual([]);
  });

  it("leaves no key and no token in anything that the engine wrote", () => {
    expect(findings.leaks).toEqual([]);
  });
});

describe("readMatrix()", () => {
  const spoil = (search: string | RegExp, replacement: string) => () => {
    const spoilt = markdown.replace(search, replacement);
    expect(spoilt).not.toBe(markdown);
    return readMatrix(spoilt);
  };

  it("refuses a missing cell", () => {
    expect(spoil(/\| no request +\|\n/, "|\n")).toThrow(RangeError);
    expect(spoil(/\| same +\| no request/, "| | no request")).toThrow(RangeError);
  });

  it("refuses an unknown word, and one of another column", () => {
    expect(spoil(/\| no request +\|\n/, "| fine |\n")).toThrow(RangeError);
    expect(spoil(/\| no request +\|\n/, "| active |\n")).toThrow(RangeError);
  });

  it("refuses a fault that faults.ts does not have", () => {
    expect(spoil("| 429 without Retry-After", "| 430")).toThrow(RangeError);
  });

  it("refuses a table without one of the faults", () => {
    expect(spoil(/\n\| 429 without Retry-After[^\n]*/, "")).toThrow(RangeError);
  });
});
