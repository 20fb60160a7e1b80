import { readFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../../package.json";
import { splitAt } from "../../../tools/page";
import { REPOSITORY_LINKS, repositoryLinks } from "../../../tools/release/repository-links";
import { ROOT } from "../../support/build";

const linksOf = (url: string) => repositoryLinks({ name: "fake-package", repository: { url } });

describe("repositoryLinks()", () => {
  it("links to the checks, the issues and the releases of the repository, and to npm", () => {
    const urls = [...linksOf("git+https://github.com/example/fake.js.git").matchAll(/\]\(([^)]+)\)/g)];

    expect(urls.map(([, url]) => url)).toEqual([
      "https://github.com/example/fake.js/actions/workflows/checks.yml/badge.svg",
      "https://github.com/example/fake.js/actions/workflows/checks.yml",
      "https://img.shields.io/npm/v/fake-package",
      "https://www.npmjs.com/package/fake-package",
      "https://github.com/example/fake.js/issues",
      "https://github.com/example/fake.js/releases",
    ]);
  });

  it("is empty without a repository", () => {
    expect(repositoryLinks({ name: "fake-package" })).toBe("");
  });

  it.each(["git+https://example.com/example/fake.git", "https://github.com/example", "https://notgithub.com/a/b", ""])(
    'is empty for "%s"',
    (url) => {
      expect(linksOf(url)).toBe("");
    },
  );
});

describe("the links of README.md", () => {
  const [before, shown, after] = splitAt(
    REPOSITORY_LINKS.name,
    readFileSync(join(ROOT, REPOSITORY_LINKS.page), "utf8"),
  );

  it("are what `npm run schema -- --write` writes", () => {
    expect(shown.trim()).toBe(repositoryLinks(packageJson));
  });

  it("fit into the 150 lines of README.md as soon as there are any", () => {
    const filled = `${before}\n\n${linksOf("https://github.com/example/fake")}\n\n${after}`;

    expect(filled.trimEnd().split("\n").length).toBeLessThanOrEqual(150);
  });

  it("name a workflow that exists", () => {
    expect(() => readFileSync(join(ROOT, ".github/workflows/checks.yml"))).not.toThrow();
  });
});
