import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/build";
import { codeBlocksOf } from "./code-blocks";
import { readPage } from "./markdown";

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** The first block of a page in a language. */
const shownIn = (page: string, language: string) =>
  codeBlocksOf(readPage(page)).find((block) => block.language === language)?.code ?? "";

const withoutComment = (line: string) => line.replace(/ *#.*$/, "");
const linesOf = (code: string) => code.split("\n").map(withoutComment);

// The order of lines is not compared, because the README leaves lines out.
describe("the program of README.md", () => {
  it("in YAML is the one of docs/languages.md, which runs on the engine", () => {
    const blocks = codeBlocksOf(readPage("docs/languages.md")).map(({ code }) => code);
    const whole = linesOf(blocks.find((code) => code.includes("cloudflare:MagicWanIpsecTunnel")) ?? "");
    const lines = linesOf(shownIn("README.md", "yaml"));

    expect(lines).toContain("    type: cloudflare-ipsec-psk:IpsecTunnelPsk");
    expect(lines.filter((line) => !whole.includes(line))).toEqual([]);
  });

  it("in Python is the example, which runs on the engine, with a tunnel of Cloudflare's provider", () => {
    const ofTunnel = [
      "    account_id=tunnel.account_id,",
      "    ipsec_tunnel_name=tunnel.name,",
      "    ipsec_tunnel_created_on=tunnel.created_on,",
      "    cloudflare_endpoint=tunnel.cloudflare_endpoint,",
    ];
    const example = linesOf(read("examples/python/__main__.py"));
    const lines = linesOf(shownIn("README.md", "python"));

    expect(lines).toContain("key = IpsecTunnelPsk(");
    expect(lines.filter((line) => !example.includes(line))).toEqual(ofTunnel);
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
