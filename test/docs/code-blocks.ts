import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../support/build";
import { nodesOf, type Page, parseMarkdown, textOf } from "./markdown";

/** One fenced block of a page or of a doc comment. */
export interface CodeBlock {
  /** From the repository's root. */
  readonly path: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  /** The word after the fence; "" if there is none. */
  readonly language: string;
  readonly code: string;
}

export function codeBlocksOf({ path, root }: Pick<Page, "path" | "root">, linesBefore = 0): CodeBlock[] {
  return nodesOf(root, "code").map((node) => ({
    path,
    line: linesBefore + node.position.start.line + 1,
    language: node.lang ?? "",
    code: textOf(node),
  }));
}

/** Returns the code blocks between a heading and the next one. */
export function codeBlocksBelow(page: Page, title: string): CodeBlock[] {
  const headings = nodesOf(page.root, "heading").map((node) => ({
    title: textOf(node),
    line: node.position.start.line,
  }));
  const at = headings.findIndex((heading) => heading.title === title);
  const [from = Infinity, to = Infinity] = headings.slice(at, at + 2).map(({ line }) => line);
  return codeBlocksOf(page).filter(({ line }) => at !== -1 && line > from && line < to);
}

/** A doc comment as a page of Markdown. */
export interface DocComment extends Pick<Page, "path" | "root"> {
  readonly linesBefore: number;
  readonly hasExample: boolean;
}

/** All doc comments of src/. */
export function docComments(): DocComment[] {
  const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .flatMap((file) => docCommentsIn(join("src", file), readFileSync(join(ROOT, "src", file), "utf8")));
}

export function docCommentsIn(path: string, text: string): DocComment[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  return jsDocsBelow(source).map((comment) => ({
    path,
    root: parseMarkdown(withoutStars(comment.getText(source))),
    linesBefore: source.getLineAndCharacterOfPosition(comment.getStart(source)).line,
    hasExample: comment.tags?.some(({ tagName }) => tagName.text === "example") ?? false,
  }));
}

function jsDocsBelow(node: ts.Node): ts.JSDoc[] {
  const own = ts.getJSDocCommentsAndTags(node).filter((found) => ts.isJSDoc(found) && found.parent === node);
  const below: ts.JSDoc[] = [];
  ts.forEachChild(node, (child) => void below.push(...jsDocsBelow(child)));
  return [...(own as ts.JSDoc[]), ...below];
}

function withoutStars(comment: string): string {
  return comment.replace(/\*\/$/, "").replace(/^ *(\/\*\*|\*) ?/gm, "");
}
