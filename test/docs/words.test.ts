import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/build";
import { PAGES } from "./markdown";
import { type Piece, proseOf, usesIn, WORDS } from "./words";

describe("the words that we do not use", () => {
  it("do not occur in pages", () => {
    expect(PAGES.flatMap(({ path, text }) => usesIn({ path, line: 1, text }))).toEqual([]);
  });

  it.each(["src", "examples", "tools", "bench"])(
    "do not occur in comments, string literals and other texts of %s/",
    (folder) => {
      const pieces = filesIn(folder).flatMap(piecesOf);

      expect(pieces).not.toEqual([]);
      expect(pieces.flatMap(usesIn)).toEqual([]);
    },
  );
});

const SAMPLES: readonly (readonly [name: string, text: string])[] = [
  ["in force", "The key is In force at once."],
  ["anew", "It is generated anew."],
  ["mend", "Run again: that mends it."],
  ["straggler", "It waits for stragglers."],
  ["far end", "The far end has the old key."],
  ["time stamp", "A newer time stamp shows it."],
  ["time-out", "After a time-out it is lost."],
  ["blotted", "The token is blotted out."],
  ["somebody", "Somebody else has rotated it."],
  ["nobody", "Nobody has the key."],
  ["whoever", "Whoever has the token may do so."],
  ["British spelling", "The licence is in the archive."],
  ["space before %", "AWS accepts 98 %."],
  ["Cannot … as", "Cannot read the tunnel as nothing came back"],
];

describe("usesIn()", () => {
  it("has a sample for each word", () => {
    expect(SAMPLES.map(([name]) => name)).toEqual(WORDS.map(({ name }) => name));
  });

  it.each(SAMPLES)("finds %s", (name, text) => {
    expect(usesIn({ path: "fake.md", line: 1, text })).toEqual([expect.stringContaining(`fake.md:1: ${name} (say: `)]);
  });

  it("finds a phrase across lines, in a page and in a comment, and names its line", () => {
    expect(usesIn({ path: "fake.md", line: 1, text: "One.\n\nThe key is in\nforce." })).toEqual([
      "fake.md:3: in force (say: active)",
    ]);
    expect(usesIn({ path: "fake.ts", line: 7, text: "/**\n * The key is in\n * force.\n */" })).toEqual([
      "fake.ts:8: in force (say: active)",
    ]);
  });

  it.each([
    "It recommends what to amend.",
    "Reinforced, and a newt.",
    "The key cannot be used as it is.",
    "Cannot read the tunnel: it was lost as a whole.",
    "Cannot read it. As a rule, run again.",
    "A timestamp, a timeout.",
  ])("lets %s pass", (text) => {
    expect(usesIn({ path: "fake.md", line: 1, text })).toEqual([]);
  });
});

describe("proseOf()", () => {
  it("returns comments and literals with their lines, and no code", () => {
    const code = [
      "/** A doc comment. */",
      "const anew = 'single'; // behind code",
      'f("double", `plain`, `of ${anew} and ${anew}`);',
      "function g() {",
      "  /* before a brace */",
      "}",
      'type T = "in a type";',
    ].join("\n");

    const pieces = proseOf("fake.ts", code).map(({ line, text }) => `${line}: ${text}`);

    expect(pieces.sort()).toEqual([
      "1: /** A doc comment. */",
      "2: // behind code",
      "2: single",
      "3: double",
      "3: of … and …",
      "3: plain",
      "5: /* before a brace */",
      "7: in a type",
    ]);
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}

/** Of TypeScript what people read, of scripts, workflows and settings all. */
function piecesOf(path: string): Piece[] {
  const text = readFileSync(join(ROOT, path), "utf8");
  return path.endsWith(".ts") ? proseOf(path, text) : [{ path, line: 1, text }];
}
