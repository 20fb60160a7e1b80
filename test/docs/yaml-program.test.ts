import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/build";
import { codeBlocksOf } from "./code-blocks";
import { readPage } from "./markdown";

/** What the README writes instead of the program's configuration. */
const VALUES: Readonly<Record<string, string>> = {
  "0123456789abcdef0123456789abcdef": "${accountId}",
  "89abcdef0123456789abcdef01234567": "${ipsecTunnelId}",
  "203.0.113.10": "${cloudflareEndpoint}",
};

describe("the YAML program of README.md", () => {
  it("is examples/yaml, which runs on the engine, with values for its configuration", () => {
    const [shown] = codeBlocksOf(readPage("README.md")).filter(({ language }) => language === "yaml");
    const lines = Object.entries(VALUES)
      .reduce((code, [value, name]) => code.replaceAll(value, name), shown?.code ?? "")
      .split("\n");
    const example = readFileSync(join(ROOT, "examples/yaml/Pulumi.yaml"), "utf8")
      .split("\n")
      .map((line) => line.replace(/ +#.*$/, ""));

    expect(lines).toContain("    type: cloudflare-ipsec-psk:IpsecTunnelPsk");
    expect(lines.filter((line) => !example.includes(line))).toEqual([]);
  });
});
