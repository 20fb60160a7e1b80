import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/build";
import { codeBlocksOf } from "./code-blocks";
import { readPage } from "./markdown";

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** The first block of a page in a language. */
const shownIn = (page: string, language: string) =>
  codeBlocksOf(readPage(page)).find((block) => block.language === language)?.code ?? "";

/** What the README writes instead of the program's configuration. */
const ACCOUNT = "0123456789abcdef0123456789abcdef";
const TUNNEL = "89abcdef0123456789abcdef01234567";
const ENDPOINT = "203.0.113.10";

// The example's own order of lines is not compared, because the README leaves lines out.
describe.each<[string, string, string, Readonly<Record<string, string>>]>([
  [
    "yaml",
    "examples/yaml/Pulumi.yaml",
    "    type: cloudflare-ipsec-psk:IpsecTunnelPsk",
    { [ACCOUNT]: "${accountId}", [TUNNEL]: "${ipsecTunnelId}", [ENDPOINT]: "${cloudflareEndpoint}" },
  ],
  [
    "python",
    "examples/python/__main__.py",
    "key = IpsecTunnelPsk(",
    {
      [`"${ACCOUNT}"`]: 'config.require("accountId")',
      [`"${TUNNEL}"`]: 'config.require("ipsecTunnelId")',
      [`"${ENDPOINT}"`]: 'config.require("cloudflareEndpoint")',
    },
  ],
])("the program of README.md in %s", (language, file, known, values) => {
  it("is the example, which runs on the engine, with values for its configuration", () => {
    const withoutComment = (line: string) => line.replace(/ +#.*$/, "");
    const lines = Object.entries(values)
      .reduce((code, [value, name]) => code.replaceAll(value, name), shownIn("README.md", language))
      .split("\n")
      .map(withoutComment);
    const example = read(file).split("\n").map(withoutComment);

    expect(lines).toContain(known);
    expect(lines.filter((line) => !example.includes(line))).toEqual([]);
  });
});

describe("the program of docs/languages.md", () => {
  it.each([
    ["python", "examples/python/__main__.py"],
    ["go", "examples/go/branch1.go"],
  ])("in %s is the example, which runs on the engine", (language, file) => {
    expect(shownIn("docs/languages.md", language)).toBe(read(file).trimEnd());
  });
});
