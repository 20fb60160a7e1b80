import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../support/build";
import { nodesOf, type Page, PAGES, readPage, textOf } from "./markdown";

const SRC = join(ROOT, "src");
const parts = readdirSync(SRC, { withFileTypes: true }).map((entry) => entry.name + (entry.isDirectory() ? "/" : ""));

describe("CONTRIBUTING's picture of src/", () => {
  const [picture = ""] = picturesIn(readPage("CONTRIBUTING.md"));

  it("has a box for each file and folder, with its name", () => {
    const boxes = [...picture.matchAll(/^ *([\w-]+)\["([^<"]+)/gm)].map(([, id, name]) => ({ id, name }));

    expect(boxes.map(({ name }) => name).sort()).toEqual([...parts].sort());
    expect(boxes.map(({ id }) => id)).toEqual(boxes.map(({ name = "" }) => partOf(name)));
  });

  it("has an arrow for each import between two of them, and no other arrow", () => {
    const arrows = [...picture.matchAll(/^ *([\w-]+ --> [\w-]+)$/gm)].map(([, arrow]) => arrow);

    expect(arrows.sort()).toEqual(importsBetweenParts().sort());
  });
});

describe("the pictures of docs/how-it-works.md", () => {
  const pictures = picturesIn(readPage("docs/how-it-works.md")).join();

  it("name each folder of src/", () => {
    const folders = parts.filter((part) => part.endsWith("/"));

    expect(folders.filter((folder) => !pictures.includes(`src/${folder}`))).toEqual([]);
  });
});

describe("the pictures of all pages", () => {
  it("name files and folders that exist", () => {
    const named = PAGES.flatMap(picturesIn).flatMap((picture) => picture.match(/\bsrc\/[\w./-]*/g) ?? []);

    expect(named).not.toEqual([]);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

function picturesIn({ root }: Page): string[] {
  return nodesOf(root, "code")
    .filter(({ lang }) => lang === "mermaid")
    .map(textOf);
}

/** "dynamic --> psk" */
function importsBetweenParts(): string[] {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const arrows = files.flatMap((file) => {
    const { importedFiles } = ts.preProcessFile(readFileSync(join(SRC, file), "utf8"));
    const targets = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith("."));
    return targets.map((target) => [partOf(file), partOf(join(file, "..", target))] as const);
  });
  return [...new Set(arrows.filter(([from, to]) => from !== to).map((arrow) => arrow.join(" --> ")))];
}

/** The file or folder of src/ that a path below it belongs to. */
function partOf(path: string): string {
  return path.replace(/[/.].*$/, "");
}
