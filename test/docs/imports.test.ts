import { existsSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { requireBuild, ROOT } from "../support/build";
import { codeBlocksOf, docComments } from "./code-blocks";
import { COMPILED } from "./compile";
import { codeIn, PAGES } from "./markdown";
import { PACKAGE } from "./package";

const NAME = "pulumi-cloudflare-ipsec-psk";

const comments = docComments();
const imported = [...PAGES.flatMap((page) => codeBlocksOf(page)), ...comments.flatMap((c) => codeBlocksOf(c))]
  .filter(({ language }) => COMPILED.includes(language))
  .flatMap(({ path, code }) => ts.preProcessFile(code).importedFiles.map(({ fileName }) => ({ path, name: fileName })));
const mentioned = [...PAGES, ...comments].flatMap(({ path, root }) => codeIn(root).map((name) => ({ path, name })));
const documented = [...imported, ...mentioned].filter(({ name }) => new RegExp(`^${NAME}(/[\\w./-]+)?$`).test(name));

describe("the import paths that the documentation names", () => {
  it("are found", () => {
    const names = documented.map(({ name }) => name);

    expect(names).toEqual(expect.arrayContaining([NAME, `${NAME}/gateways`, `${NAME}/simulator`]));
  });

  it("are in package.json's exports", () => {
    const exported = Object.keys(PACKAGE.exports).map((path) => path.replace(/^\./, NAME));

    expect(documented.filter(({ name }) => !exported.includes(name))).toEqual([]);
  });
});

describe("package.json's exports", () => {
  beforeAll(requireBuild);

  it.each(Object.entries(PACKAGE.exports))("%s leads to files that exist", (_path, target) => {
    const files = filesIn(target);

    expect(files).not.toEqual([]);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});

/** One file, or one for each condition. */
function filesIn(target: unknown): string[] {
  return typeof target === "string" ? [target] : Object.values(target as object).flatMap(filesIn);
}
