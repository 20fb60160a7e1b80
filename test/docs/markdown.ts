import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ParserOptions } from "prettier";
import { parsers } from "prettier/plugins/markdown";
import { ROOT } from "../support/build";

/** A node of a Markdown document, as far as these tests read it. */
export interface Node {
  readonly type: string;
  /** Of code and HTML. */
  readonly value?: string;
  /** Of code: the word after the fence. */
  readonly lang?: string | null;
  /** Of links and images. */
  readonly url?: string;
  readonly children?: readonly Node[];
  /** Lines from 1. */
  readonly position: { readonly start: { readonly line: number } };
}

/** One file of Markdown. */
export interface Page {
  /** From the repository's root: "docs/errors.md". */
  readonly path: string;
  readonly text: string;
  readonly root: Node;
}

/** README.md and the other pages at the root, docs/ and bench/. */
export const PAGES: readonly Page[] = [".", "docs", "bench"].flatMap(markdownIn).map(readPage);

function markdownIn(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: folder !== ".", encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".md"))
    .map((file) => join(folder, file))
    .sort();
}

export function readPage(path: string): Page {
  const text = readFileSync(join(ROOT, path), "utf8");
  return { path, text, root: parseMarkdown(text) };
}

/** Uses Prettier's parser, which is already installed. */
export function parseMarkdown(text: string): Node {
  return parsers.markdown.parse(text, {} as ParserOptions) as Node;
}

/** All nodes of some types, from top to bottom. */
export function nodesOf(root: Node, ...types: readonly string[]): Node[] {
  const below = (root.children ?? []).flatMap((child) => nodesOf(child, ...types));
  return types.includes(root.type) ? [root, ...below] : below;
}

/** What a reader sees of a node. */
export function textOf({ value, children = [] }: Node): string {
  return value ?? children.map(textOf).join("");
}

/** The anchors that GitHub gives a page's headings. */
export function anchorsOf({ root }: Page): string[] {
  const slugs = nodesOf(root, "heading").map((heading) =>
    textOf(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );
  return slugs.map((slug, index) => {
    const before = slugs.slice(0, index).filter((other) => other === slug).length;
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

/** The rows of the first table below a heading, without its head: one cell for each column. */
export function tableBelow({ path, root }: Page, heading: string): Node[][] {
  const nodes = root.children ?? [];
  const start = nodes.findIndex((node) => node.type === "heading" && textOf(node) === heading);
  const [first] = nodes.slice(start + 1).filter(({ type }) => type === "table" || type === "heading");
  if (start === -1 || first?.type !== "table") throw new Error(`${path} has no table below the heading "${heading}"`);
  return (first.children ?? []).slice(1).map(({ children = [] }) => [...children]);
}

/** The texts in backticks. */
export function codeIn(node: Node | undefined): string[] {
  return node === undefined ? [] : nodesOf(node, "inlineCode").map(textOf);
}

/** A table without what the repository's format adds. */
export function bareTable(table: string): string {
  return table.replace(/-{3,}/g, "---").replace(/ {2,}/g, " ").trim();
}
