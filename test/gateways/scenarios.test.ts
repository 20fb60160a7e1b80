import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Dialect, type GatewayTunnel, renderGateway } from "../../src/gateways";

// A new dialect does not compile until every scenario can have its file.
const EXPECTED: Readonly<Record<Dialect, string>> = { strongswan: "expected.strongswan.conf" };
const dialects = Object.keys(EXPECTED) as Dialect[];

const folder = join(__dirname, "scenarios");
const scenarios = readdirSync(folder);

describe("renderGateway()", () => {
  it("has scenarios", () => {
    expect(scenarios).toContain("plain");
  });

  describe.each(scenarios)("in the scenario %s", (scenario) => {
    const read = (file: string) => readFileSync(join(folder, scenario, file), "utf8");

    it("is described", () => {
      expect(read("description.md")).toContain(`# ${scenario}\n`);
    });

    it.each(dialects)("writes the whole file as expected: %s", (dialect) => {
      const tunnel = JSON.parse(read("tunnel.json")) as GatewayTunnel;

      expect(renderGateway(dialect, tunnel)).toBe(read(EXPECTED[dialect]));
    });

    it("has no file that nobody reads", () => {
      const known = ["description.md", "tunnel.json", ...Object.values(EXPECTED)];

      expect(readdirSync(join(folder, scenario)).filter((file) => !known.includes(file))).toEqual([]);
    });
  });

  it("renders nothing of a description with a mistake", () => {
    expect(() => renderGateway("strongswan", { name: "branch-1" })).toThrow("ERR_INVALID_GATEWAY");
  });
});
