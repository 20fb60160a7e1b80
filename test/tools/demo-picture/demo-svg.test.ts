import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/build";
import { readSvg } from "./read-svg";

const picture = readFileSync(join(ROOT, "docs/demo.svg"), "utf8");
const demo = readFileSync(join(ROOT, "examples/demo/main.ts"), "utf8");
const { isWellFormed, rows } = readSvg(picture);

const textsOf = (what: "step" | "check") =>
  [...demo.matchAll(new RegExp(`^  ${what}\\("([^"]*)"`, "gm"))].map(([, text]) => text);

// If one of these tests fails, draw the picture again: `npm run demo:picture`.
describe("docs/demo.svg", () => {
  it("is well-formed and small", () => {
    expect(isWellFormed).toBe(true);
    expect(Buffer.byteLength(picture)).toBeLessThan(60_000);
  });

  it("shows the titles of all steps, in order", () => {
    const titles = rows.flatMap((row) => /^\d+\. (.*)/.exec(row)?.[1] ?? []);

    expect(titles).not.toEqual([]);
    expect(titles).toEqual(textsOf("step"));
  });

  it("shows that all checks passed, in order", () => {
    const facts = rows.flatMap((row) => /^ {3}ok: (.*)/.exec(row)?.[1] ?? []);

    expect(facts).not.toEqual([]);
    expect(facts).toEqual(textsOf("check"));
  });

  // Keys and tokens of the simulator have 32 characters or more.
  it("contains nothing with the form of a key except for two IDs that are the same in each run", () => {
    const ids = ["0".repeat(32), "0123456789abcdef".repeat(2)];

    expect(rows.join("\n").match(/[\w+/=-]{32,}/g)).toEqual(ids);
    expect(picture.match(/[A-Za-z0-9+=-]{32,}/g)).toEqual(ids);
  });

  it("contains no values that depend on the machine, the time or the run", () => {
    expect(rows.join("\n")).not.toMatch(
      /127\.0\.0\.1|localhost|\/(?:tmp|home|root|Users)\b|\b\d[\d.]*s\b(?!\[)|\d\d:\d\d|validation [0-9a-f]{8}/,
    );
  });
});

describe("docs/demo-start.svg, which README shows", () => {
  it("shows the first three steps of the whole picture, and nothing else", () => {
    const start = readSvg(readFileSync(join(ROOT, "docs/demo-start.svg"), "utf8"));
    const shown = start.rows.slice(
      0,
      start.rows.findIndex((row) => row.startsWith("⋮ omitted")),
    );

    expect(start.isWellFormed).toBe(true);
    expect(shown).toEqual(rows.slice(0, shown.length));
    expect(shown.at(-1)).toMatch(/^ {3}ok: /);
    expect(rows[shown.length]).toMatch(/^4\. /);
  });
});
