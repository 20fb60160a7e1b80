import { nodesOf, PAGES, readPage, textOf } from "./markdown";

describe("docs/README.md", () => {
  it("links to every page of docs/, each once", () => {
    const [table] = nodesOf(readPage("docs/README.md").root, "table");
    const links = nodesOf(table ?? { type: "none", position: { start: { line: 0 } } }, "link").map(({ url }) => url);
    const pages = PAGES.map(({ path }) => path).filter((path) => /^docs\/(?!README)/.test(path));

    expect(links.map((url = "") => `docs/${url}`).sort()).toEqual(pages.sort());
  });
});

describe("README.md", () => {
  const readme = readPage("README.md");

  it("has at most 150 lines, what is folded included", () => {
    expect(readme.text.trimEnd().split("\n").length).toBeLessThanOrEqual(150);
  });

  it("links to every page of docs/", () => {
    const links = nodesOf(readme.root, "link").map(({ url = "" }) => url.split("#")[0]);
    const pages = PAGES.map(({ path }) => path).filter((path) => path.startsWith("docs/"));

    expect(pages.filter((page) => !links.includes(page))).toEqual([]);
  });

  it("says in its status what it was not tried against", () => {
    const [status] = nodesOf(readme.root, "blockquote");

    expect(status && textOf(status)).toContain("not yet against a live account");
  });
});
