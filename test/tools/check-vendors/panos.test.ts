import { checkPanos, grammarOf, type PanosClass } from "../../../tools/check-vendors/panos";

const empty: PanosClass = { path: "/unused", named: true, children: [], params: [] };
const CLASSES: Readonly<Record<string, PanosClass>> = {
  ManagementProfile: empty,
  TunnelInterface: empty,
  Zone: empty,
  IkeCryptoProfile: empty,
  IpsecCryptoProfile: empty,
  IpsecTunnel: empty,
  VirtualRouter: {
    path: "/router",
    named: true,
    children: ["Bgp", "Elsewhere"],
    params: [{ name: "interface", vartype: "member" }],
  },
  Bgp: { path: "/protocol/bgp", named: false, children: ["Group"], params: [{ name: "local_as", vartype: "int" }] },
  Group: {
    path: "/group",
    named: true,
    children: [],
    params: [{ name: "type", path: "type/{type}", values: ["ebgp", "ibgp"] }],
  },
  IkeGateway: {
    path: "/ike/gateway",
    named: true,
    children: [],
    params: [
      { name: "peer_type", path: "peer/{peer_type}", values: ["ip", "dynamic"] },
      { name: "peer_value", path: "peer/{peer_type}", condition: { peer_type: "ip" } },
      { name: "id_type", path: "id/type", values: ["fqdn", "keyid"] },
      { name: "id_value", path: "id/value" },
      { name: "passive", path: "common/passive", vartype: "yesno" },
      { name: "gone", path: "gone", exclude: true },
    ],
  },
};

const grammar = grammarOf(CLASSES);
const findingsOf = (...lines: readonly string[]) =>
  checkPanos(lines.join("\n"), grammar).map(({ line, says }) => `${line}: ${says}`);

describe("checkPanos()", () => {
  it("accepts what the grammar has", () => {
    expect(
      findingsOf(
        "# A comment",
        "set router default interface tunnel.1",
        "set router default protocol bgp local-as 65010",
        "set router default protocol bgp group one type ebgp",
        "set ike gateway one peer ip 203.0.113.1",
        "set ike gateway one peer dynamic",
        'set ike gateway one id type fqdn value "two words"',
        "set ike gateway one common passive no",
      ),
    ).toEqual([]);
  });

  it.each([
    ["set ike gateways one", "ike has no gateways, but gateway"],
    ["set ike gateway one peers ip 203.0.113.1", "ike gateway one has no peers, but peer, id, common"],
    ["set ike gateway one gone 1", "ike gateway one has no gone, but peer, id, common"],
    ["set ike gateway one peer dynamic 203.0.113.1", "ike gateway one peer dynamic has no 203.0.113.1, but no more"],
    ["set ike gateway one id type name", "ike gateway one id type: name is not one of fqdn, keyid"],
    ["set ike gateway one id type fqdn text", "ike gateway one id type fqdn has no text, but type, value"],
    ["set ike gateway one common passive off", "ike gateway one common passive: off is not one of yes, no"],
    ["set router default protocol bgp local-as first", "router default protocol bgp local-as takes a number"],
    ["set router default protocol bgp group one type", "router default protocol bgp group one type is not complete"],
    ["set ike gateway one peer ip", "ike gateway one peer ip is not complete"],
    ["delete ike gateway one", "delete is not a command of a configuration"],
  ])("reports what the grammar does not have, with its line: %s", (line, says) => {
    expect(findingsOf("# A comment", line)).toEqual([`2: ${says}`]);
  });
});

describe("grammarOf()", () => {
  it("needs the classes whose objects a tunnel needs", () => {
    expect(() => grammarOf({})).toThrow("pan-os-python has no class ManagementProfile");
  });
});
