import { checkInputs } from "../../src/psk/inputs";
import { UNKNOWN } from "../../src/psk/unknown";
import { accountId, ipsecTunnelId } from "./support";

const good = { accountId, ipsecTunnelId };
const badAccount = "must be a Cloudflare account id: 32 hexadecimal characters";
const badTunnel = "must be the id of an IPsec tunnel: 32 hexadecimal characters";

describe("checkInputs()", () => {
  it.each([
    ["the ids alone", good],
    ["everything", { ...good, rotationTriggers: { quarter: "2026-Q4", empty: "" }, preflight: false }],
    ["ids in upper case", { accountId: accountId.toUpperCase(), ipsecTunnelId: ipsecTunnelId.toUpperCase() }],
    ["no triggers", { ...good, rotationTriggers: {} }],
    ["Pulumi's own properties", { ...good, __provider: "exports.handler=…", __defaults: [] }],
    ["an unknown account", { ...good, accountId: UNKNOWN }],
    ["an unknown tunnel", { ...good, ipsecTunnelId: UNKNOWN }],
    ["unknown triggers", { ...good, rotationTriggers: UNKNOWN }],
    ["an unknown trigger", { ...good, rotationTriggers: { quarter: UNKNOWN } }],
    ["an unknown preflight", { ...good, preflight: UNKNOWN }],
  ])("takes %s", (_what, args) => {
    expect(checkInputs(args)).toEqual([]);
  });

  it.each([
    ["no account", { ipsecTunnelId }, "accountId", `is required: it ${badAccount}`],
    ["no tunnel", { accountId }, "ipsecTunnelId", `is required: it ${badTunnel}`],
    ["an account that is null", { ...good, accountId: null }, "accountId", badAccount],
    ["an account that is a number", { ...good, accountId: 5 }, "accountId", badAccount],
    ["a short account", { ...good, accountId: accountId.slice(1) }, "accountId", badAccount],
    ["a long account", { ...good, accountId: `${accountId}0` }, "accountId", badAccount],
    ["an account that is not hexadecimal", { ...good, accountId: `g${accountId.slice(1)}` }, "accountId", badAccount],
    ["an account with a new line", { ...good, accountId: `${accountId}\n` }, "accountId", badAccount],
    ["a tunnel in another form", { ...good, ipsecTunnelId: "branch-1" }, "ipsecTunnelId", badTunnel],
    ["a path as tunnel", { ...good, ipsecTunnelId: `../${ipsecTunnelId}` }, "ipsecTunnelId", badTunnel],
    ["triggers that are a text", { ...good, rotationTriggers: "a" }, "rotationTriggers", "must be a map of strings"],
    ["triggers that are a list", { ...good, rotationTriggers: ["a"] }, "rotationTriggers", "must be a map of strings"],
    ["triggers that are null", { ...good, rotationTriggers: null }, "rotationTriggers", "must be a map of strings"],
    ["a number as trigger", { ...good, rotationTriggers: { q: 4 } }, "rotationTriggers.q", "must be a string"],
    ["null as trigger", { ...good, rotationTriggers: { q: null } }, "rotationTriggers.q", "must be a string"],
    ["a text as preflight", { ...good, preflight: "false" }, "preflight", "must be true or false"],
    ["a foreign property", { ...good, tunnelId: "x" }, "tunnelId", "is not a property of IpsecTunnelPsk"],
    ["an inherited name", { ...good, constructor: "x" }, "constructor", "is not a property of IpsecTunnelPsk"],
  ])("refuses %s", (_what, args, property, reason) => {
    expect(checkInputs(args)).toEqual([{ property, reason }]);
  });

  it("finds every mistake", () => {
    const problems = checkInputs({ accountId: 1, rotationTriggers: { a: 1, b: "2", c: 3 }, preflight: 4, other: 5 });

    expect(problems.map(({ property }) => property)).toEqual([
      "accountId",
      "ipsecTunnelId",
      "rotationTriggers.a",
      "rotationTriggers.c",
      "preflight",
      "other",
    ]);
  });

  it.each(["accountId", "ipsecTunnelId", "rotationTriggers", "preflight", "foreign"])(
    "never says a value, which may be secret: %s",
    (property) => {
      const problems = checkInputs({ ...good, [property]: "fake-secret-value" });

      expect(problems).toHaveLength(1);
      expect(JSON.stringify(problems)).not.toContain("fake-secret-value");
    },
  );
});
