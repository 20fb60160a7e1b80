import { requireBuild } from "../support/build";
import { type CodeBlock, codeBlocksOf, docComments, docCommentsIn } from "./code-blocks";
import { compile, COMPILED } from "./compile";
import { PAGES, parseMarkdown } from "./markdown";

/** Languages that are not compiled. */
const OTHERS = ["sh", "text", "mermaid", "yaml", "jsonc", "python", "go", "diff"];

const inPages = PAGES.flatMap((page) => codeBlocksOf(page));
const comments = docComments();
const inComments = comments.flatMap((comment) => codeBlocksOf(comment, comment.linesBefore));
const blocks = [...inPages, ...inComments];

const MISTAKEN = `Text.

~~~ts
import { Psk } from "pulumi-cloudflare-ipsec-psk";
["strict"][0].length;
~~~`;
const mistaken = codeBlocksOf({ path: "docs/fake.md", root: parseMarkdown(MISTAKEN) });

const isCompiled = ({ language }: CodeBlock) => COMPILED.includes(language);
let mistakes: string[];

beforeAll(() => {
  requireBuild();
  mistakes = compile([...blocks, ...mistaken].filter(isCompiled));
});

describe("the code blocks of README.md, docs/ and doc comments", () => {
  it("are found", () => {
    expect(inPages.filter(isCompiled).map(({ path }) => path)).toContain("README.md");
    expect(inComments.filter(isCompiled).map(({ path }) => path)).toContain("src/program/ipsec-tunnel-psk.ts");
  });

  it("compile, each by itself", () => {
    expect(mistakes.filter((mistake) => !mistake.startsWith("docs/fake.md"))).toEqual([]);
  });

  it("are compiled, or of another known language", () => {
    expect(blocks.filter((block) => !isCompiled(block) && !OTHERS.includes(block.language))).toEqual([]);
  });

  it("are in every doc comment that has an example", () => {
    const without = comments.filter((comment) => comment.hasExample && !codeBlocksOf(comment).some(isCompiled));

    expect(without.map(({ path, linesBefore }) => `${path}:${linesBefore + 1}`)).toEqual([]);
  });
});

describe("compile()", () => {
  it("names the file and line of a mistake, by the repository's strict rules", () => {
    expect(mistakes.filter((mistake) => mistake.startsWith("docs/fake.md"))).toEqual([
      `docs/fake.md:4: Module '"pulumi-cloudflare-ipsec-psk"' has no exported member 'Psk'.`,
      "docs/fake.md:5: Object is possibly 'undefined'.",
    ]);
  });
});

describe("docCommentsIn()", () => {
  it("gives the code of an example, and its line", () => {
    const [comment] = docCommentsIn(
      "src/fake.ts",
      "\n/**\n * Text.\n * @example\n * ```ts\n *  code();\n * ```\n */\nlet x;",
    );

    expect(comment && codeBlocksOf(comment, comment.linesBefore)).toEqual([
      { path: "src/fake.ts", line: 6, language: "ts", code: " code();" },
    ]);
  });
});
