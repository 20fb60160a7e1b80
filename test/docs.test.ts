import { readFileSync } from "node:fs";

const read = (path: string) => readFileSync(path, "utf8");
const union = /export type ErrorCode =([^;]+);/.exec(read("src/errors.ts"))?.[1] ?? "";
const codes = [...union.matchAll(/"(ERR_[A-Z_]+)"/g)].map(([, code]) => code ?? "");

describe("the error codes in the documentation", () => {
  it("are found in src/errors.ts at all", () => {
    expect(codes).toContain("ERR_TUNNEL_NOT_FOUND");
  });

  it("have a section each in docs/errors.md, and no section is left over", () => {
    const sections = [...read("docs/errors.md").matchAll(/^## (.+)$/gm)].map(([, title]) => title);

    expect(sections.sort()).toEqual([...codes].sort());
  });

  it("stand in README's table, each with a link to its section", () => {
    const readme = read("README.md");
    const missing = codes.filter((code) => !readme.includes(`[\`${code}\`](docs/errors.md#${code.toLowerCase()})`));

    expect(missing).toEqual([]);
  });
});
