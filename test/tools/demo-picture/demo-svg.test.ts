import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/build";
import { readSvg } from "./read-svg";

const picture = readFileSync(join(ROOT, "docs/demo.svg"), "utf8");
const demo = readFileSync(join(ROOT, "examples/demo/main.ts"), "utf8");
const { isWellFormed, rows } = readSvg(picture);

const said = (what: "step" | "check") =>
  [...demo.matchAll(new RegExp(`^  ${what}\\("([^"]*)"`, "gm"))].map(([, text]) => text);

// If one of these fails, draw it again: `npm run demo:picture`.
describe("docs/demo.svg", () => {
  it("is well-formed, and small", () => {
    expect(isWellFormed).toBe(true);
    expect(Buffer.byteLength(picture)).toBeLessThan(60_000);
  });

  it("shows the demo's steps, in order, as the demo has them", () => {
    const titles = rows.flatMap((row) => /^\d+\. (.*)/.exec(row)?.[1] ?? []);

    expect(titles).not.toEqual([]);
    expect(titles).toEqual(said("step"));
  });

  it("shows the demo's checks, in order, and that each of them held", () => {
    const facts = rows.flatMap((row) => /^ {3}ok: (.*)/.exec(row)?.[1] ?? []);

    expect(facts).not.toEqual([]);
    expect(facts).toEqual(said("check"));
  });

  // Keys and tokens of the simulator have 32 characters or more; the demo shows none of them.
  it("contains nothing that looks like a key, except the two IDs that are the same in each run", () => {
    const ids = ["0".repeat(32), "0123456789abcdef".repeat(2)];

    expect(rows.join("\n").match(/[\w+/=-]{32,}/g)).toEqual(ids);
    expect(picture.match(/[A-Za-z0-9+=-]{32,}/g)).toEqual(ids);
  });

  it("contains nothing about the machine or the time", () => {
    expect(rows.join("\n")).not.toMatch(
      /127\.0\.0\.1|localhost|\/(?:tmp|home|root|Users)\b|\b\d[\d.]*s\b(?!\[)|\d\d:\d\d/,
    );
  });
});
