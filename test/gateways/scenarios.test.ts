import { problemText } from "../../src/errors";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IpsecTunnelPskError } from "../../src/errors";
import { type Dialect, type GatewayConfigFields, renderGatewayConfig } from "../../src/gateways";
import { UPLINKS } from "./uplinks";
import { LATER_VERSIONS, VERSIONS } from "./versions";

// A new dialect does not compile until every scenario can have its file.
const EXPECTED: Readonly<Record<Dialect, string>> = {
  strongswan: "expected.strongswan.conf",
  vyos: "expected.vyos.txt",
  ciscoIosXe: "expected.cisco-ios-xe.txt",
  junos: "expected.junos.txt",
  fortios: "expected.fortios.txt",
  panos: "expected.panos.txt",
  // Not .md, which the formatter would change.
  markdown: "expected.markdown.txt",
};
const dialects = Object.keys(EXPECTED) as Dialect[];

const folder = join(__dirname, "scenarios");
const scenarios = readdirSync(folder);

/** The whole text, or "refused" and the mistakes: a refusal has its expected file as well. */
function outcomeOf(dialect: Dialect, tunnel: GatewayConfigFields): string {
  try {
    return renderGatewayConfig(dialect, tunnel);
  } catch (error) {
    if (!(error instanceof IpsecTunnelPskError)) throw error;
    const { summary, problems = [] } = error.details;
    return [`refused: ${summary}`, ...problems.map((problem) => `- ${problemText(problem)}`), ""].join("\n");
  }
}

describe("renderGatewayConfig()", () => {
  it("has scenarios", () => {
    expect(scenarios).toEqual(
      expect.arrayContaining([
        "plain",
        "behind-nat",
        "bgp",
        "ipv6-inside",
        "key-id",
        "key-0x",
        "key-0s",
        "key-64",
        "key-base64url",
        "hybrid",
        "hybrid-fallback",
        "hybrid-any-version",
      ]),
    );
  });

  describe.each(scenarios)("in the scenario %s", (scenario) => {
    const read = (file: string) => readFileSync(join(folder, scenario, file), "utf8");

    it("has a description", () => {
      expect(read("description.md")).toContain(`# ${scenario}\n`);
    });

    it.each(dialects)("renders the whole expected file: %s", (dialect) => {
      const tunnel = read("tunnel.json")
        .replace("<uplink>", UPLINKS[dialect])
        .replace("<version>", VERSIONS[dialect])
        .replace("<later version>", LATER_VERSIONS[dialect]);

      expect(outcomeOf(dialect, JSON.parse(tunnel) as GatewayConfigFields)).toBe(read(EXPECTED[dialect]));
    });

    it("has no file that no test reads", () => {
      const known = ["description.md", "tunnel.json", ...Object.values(EXPECTED)];

      expect(readdirSync(join(folder, scenario)).filter((file) => !known.includes(file))).toEqual([]);
    });
  });

  it("does not render a description with a mistake", () => {
    expect(() => renderGatewayConfig("strongswan", { name: "branch-1" })).toThrow("ERR_INVALID_GATEWAY");
  });
});
