import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/build";
import { anchorsOf, codeIn, nodesOf, type Page, PAGES, parseMarkdown, readPage } from "./markdown";
import { PACKAGE } from "./package";

const isOfTheRepository = (path: string) => /^(src|test|docs|examples|tools|bench)\/[\w./-]*$/.test(path);

describe.each(PAGES.map((page) => [page.path, page] as const))("%s", (_path, page) => {
  it("links to files and headings that exist", () => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it("names files and folders of the repository that exist", () => {
    const missing = codeIn(page.root).filter((path) => isOfTheRepository(path) && !existsSync(join(ROOT, path)));

    expect(missing).toEqual([]);
  });

  it("names scripts that package.json has", () => {
    expect(scriptsIn(page.text).filter((script) => !Object.hasOwn(PACKAGE.scripts, script))).toEqual([]);
  });
});

describe("brokenLinks()", () => {
  const fake = (text: string): Page => ({ path: "docs/fake.md", text, root: parseMarkdown(text) });

  it.each([
    "[a file](none.md)",
    "[a file above](../none.md)",
    "[an anchor](errors.md#err_none)",
    "[an anchor of this page](#none)",
    "![a picture](none.svg)",
    "[by reference][there]\n\n[there]: none.md",
    '<img src="none.svg">',
  ])("finds %s", (text) => {
    expect(brokenLinks(fake(text))).toHaveLength(1);
  });

  it.each([
    "[a file](errors.md)",
    "[a folder](../test)",
    "[an anchor](errors.md#err_refused)",
    "# A `heading`, here\n\n[an anchor of this page](#a-heading-here)",
    "# Twice\n\n# Twice\n\n[the second](#twice-1)",
    "[another host](https://example.com/none.md)",
  ])("lets %s pass", (text) => {
    expect(brokenLinks(fake(text))).toEqual([]);
  });
});

describe("scriptsIn()", () => {
  it("finds every way to name one", () => {
    expect(scriptsIn("`npm run a`, `npm run -s b:c`, npm run --silent d && npm run e.")).toEqual([
      "a",
      "b:c",
      "d",
      "e",
    ]);
  });
});

/** The links within the repository that lead nowhere. */
function brokenLinks(page: Page): string[] {
  const urls = nodesOf(page.root, "link", "image", "definition").flatMap(({ url }) => (url === undefined ? [] : [url]));
  const inHtml = nodesOf(page.root, "html").flatMap(({ value = "" }) =>
    [...value.matchAll(/\b(?:href|src|srcset)="([^"]*)"/g)].map(([, url = ""]) => url),
  );
  return [...urls, ...inHtml].filter((url) => !/^[a-z]+:/.test(url) && !leadsSomewhere(page, url));
}

function leadsSomewhere(page: Page, url: string): boolean {
  const [file = "", anchor] = url.split("#", 2);
  const path = file === "" ? page.path : join(page.path, "..", decodeURIComponent(file));
  if (file !== "" && !existsSync(join(ROOT, path))) return false;
  if (anchor === undefined || !path.endsWith(".md")) return true;
  return anchorsOf(file === "" ? page : readPage(path)).includes(anchor);
}

function scriptsIn(text: string): string[] {
  return [...text.matchAll(/\bnpm run (?:-s |--silent )?([\w:-]+)/g)].map(([, script = ""]) => script);
}
