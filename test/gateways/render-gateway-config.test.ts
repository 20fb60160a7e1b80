import { problemText } from "../../src/errors";
import { type Dialect, type GatewayConfigFields, renderGatewayConfig } from "../../src/gateways";
import { DIALECTS } from "../../src/gateways/dialects";
import { everythingIn, failureOf } from "../support/failure-of";
import { READERS } from "./parsers";
import { VERSIONS } from "./versions";
import { without } from "./without";

const tunnel: GatewayConfigFields = {
  name: "branch-1",
  psk: "fake-key-for-tests-only",
  fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
  cloudflareEndpoint: "203.0.113.1",
  uplinkInterface: "wan1",
  interfaceAddress: "10.252.2.90/31",
};

const dialects = Object.keys(DIALECTS) as Dialect[];

/** Returns the messages of the mistakes in a description. */
function problemsOf(dialect: Dialect, description: object): string[] {
  const { code, details } = failureOf(() => renderGatewayConfig(dialect, description));
  expect(code).toBe("ERR_INVALID_GATEWAY");
  return (details.problems ?? []).map(problemText);
}

describe("renderGatewayConfig()", () => {
  it("reports mistakes in the description, the key and the dialect together, and never shows the key", () => {
    const failure = failureOf(() =>
      renderGatewayConfig("fortios", {
        ...tunnel,
        name: "branch-123456789",
        psk: "0xfake$key-for-tests-only",
        cloudflareEndpoint: tunnel.psk,
        interfaceNumber: 0,
      }),
    );

    expect(failure.message).toBe(
      `Cannot render a FortiOS configuration: 5 problems in its arguments (ERR_INVALID_GATEWAY)
- cloudflareEndpoint must be a unicast IPv4 address
- interfaceNumber must be a whole number from 1 to 65535, or left out
- psk must not start with 0x, because FortiOS reads what follows as hexadecimal
- psk must not have a dollar sign, because the command line expands variables
- name must have at most 15 characters, because FortiOS creates an interface of that name
What to do: Correct the arguments. If a generated key is at fault, change a rotation trigger to generate another one.
More: docs/errors.md#err_invalid_gateway in pulumi-cloudflare-ipsec-psk`,
    );
    expect(everythingIn(failure)).not.toContain("key-for-tests-only");
  });

  it("reports each mistake with its field", () => {
    const { details } = failureOf(() =>
      renderGatewayConfig("junos", { ...tunnel, fqdnId: undefined as never, keyId: "b", interfaceNumber: 16_000 }),
    );

    expect(details.problems?.map(({ property }) => property)).toEqual(["keyId", "keyId", "interfaceNumber"]);
    expect(details.summary).toBe("Cannot render a Junos configuration: 3 problems in its arguments");
  });

  it("reports a field that it does not know, and would otherwise ignore", () => {
    expect(problemsOf("strongswan", { ...tunnel, routedPrefix: ["10.0.0.0/8"] })).toEqual([
      "routedPrefix is not a field of a tunnel's description",
    ]);
  });

  it.each(["constructor", "vy0s", undefined])("names the dialects instead of %j", (dialect) => {
    expect(problemsOf(dialect as Dialect, tunnel)).toEqual([`dialect must be one of ${dialects.join(", ")}`]);
  });

  it.each(dialects)("reports each field that %s requires once", (dialect) => {
    const fields = problemsOf(dialect, {}).map((mistake) => mistake.split(" ")[0]);

    expect(fields).toEqual([...new Set(fields)]);
    expect(fields).toEqual(expect.arrayContaining(["name", "psk", "fqdnId", "cloudflareEndpoint"]));
  });

  const fields: GatewayConfigFields = {
    ...tunnel,
    customerEndpoint: "198.51.100.7",
    routedPrefixes: ["10.0.0.0/8"],
    customerAsn: 65_010,
    cloudflareAsn: 64_512,
    interfaceNumber: 1,
    classicalFallback: false,
    routerVersion: "26.1.1",
  };
  const ofAnotherType = [null, {}, true, Number.NaN, ["a".repeat(80)]];

  it.each(dialects.flatMap((dialect) => Object.keys(fields).map((field) => [dialect, field] as const)))(
    "reports one mistake for %s if %s has another type",
    (dialect, field) => {
      for (const value of ofAnotherType) {
        expect(problemsOf(dialect, { ...fields, [field]: value })).toEqual([
          expect.stringMatching(`^${field} must be `),
        ]);
      }
    },
  );

  it.each<[Dialect, string, Partial<GatewayConfigFields>]>([
    ["vyos", "psk must not have a single quote", { psk: "fa'ke-key" }],
    ["vyos", "psk must not have a double quote", { psk: 'fa"ke-key' }],
    ["vyos", "psk must not have a question mark", { psk: "fake-key?" }],
    ["vyos", "psk must not start with 0x", { psk: "0Sfake-key" }],
    ["ciscoIosXe", "psk must not have a space", { psk: "fake key" }],
    ["ciscoIosXe", "psk must not have a quote", { psk: "fake\\key" }],
    ["ciscoIosXe", "psk must not have a question mark", { psk: "?fake-key" }],
    ["ciscoIosXe", "psk must not be 0, 6", { psk: "Loc" }],
    ["junos", "psk must not have a double quote", { psk: "fake\\key" }],
    ["junos", "psk must not start with $8$", { psk: "$9$fake-key" }],
    ["strongswan", "name must not be include", { name: "include" }],
    ["vyos", "name must not be include", { name: "include" }],
    ["ciscoIosXe", "name must not be default", { name: "default" }],
    ["ciscoIosXe", "name must not be default", { name: "Default" }],
    ["panos", "name must not be default", { name: "default" }],
    ["fortios", "name must differ from uplinkInterface", { name: "wan1" }],
    ["vyos", "uplinkInterface must not be the tunnel's own", { uplinkInterface: "vti1" }],
    ["ciscoIosXe", "uplinkInterface must not be the tunnel's own", { uplinkInterface: "Tunnel2", interfaceNumber: 2 }],
    ["junos", "uplinkInterface must not be the tunnel's own", { uplinkInterface: "st0.1" }],
    ["panos", "uplinkInterface must not be the tunnel's own", { uplinkInterface: "tunnel.1" }],
    ["strongswan", "fqdnId must be a domain name, not an IP address", { fqdnId: "10.0.0.1" }],
    ["strongswan", "cloudflareEndpoint must be a unicast IPv4 address", { cloudflareEndpoint: "0.0.0.0" }],
    ["junos", "interfaceNumber must be below 16000", { interfaceNumber: 16_000 }],
    ["fortios", "name must have at most 15", { name: "branch-123456789" }],
    ["fortios", "uplinkInterface must be given", { uplinkInterface: "wan1234567890123" }],
    ["fortios", "psk must not have a quote", { psk: "fa'ke-key" }],
    ["fortios", "psk must not have a question mark", { psk: "fake?key" }],
    ["fortios", "psk must not have a dollar", { psk: "fake$key" }],
    ["fortios", "psk must not start with 0x", { psk: "0Xfa4e" }],
    ["fortios", "psk must not start with 00x", { psk: "00xfa4e" }],
    ["fortios", "psk must have 6 to 128", { psk: "5fake" }],
    ["fortios", "psk must have 6 to 128", { psk: "f".repeat(129) }],
    ["junos", "psk must have 1 to 255", { psk: "f".repeat(256) }],
    ["panos", "psk must have 1 to 255", { psk: "f".repeat(256) }],
    ["fortios", "psk must not start with ENC", { psk: "ENC fake-key" }],
    ["panos", "name must have at most 31", { name: `a${"b".repeat(31)}` }],
    ["panos", "psk must not have a space", { psk: "fake key" }],
    ["panos", "psk must not have a quote", { psk: "fa'ke-key" }],
    ["panos", "psk must not have a question mark", { psk: "fake?key" }],
    ["panos", "psk must not start with -AQ==", { psk: "-AQ==fake" }],
    ["panos", "interfaceNumber must be at most 9999", { interfaceNumber: 10_000 }],
    [
      "vyos",
      "additionalKeyExchange must be left out, because VyOS is not hybrid",
      { additionalKeyExchange: "mlkem768" },
    ],
    ["junos", "additionalKeyExchange must be left out, because Junos has no", { additionalKeyExchange: "mlkem1024" }],
    [
      "panos",
      "additionalKeyExchange must be left out, because the additional key exchange of PAN-OS does not interoperate",
      { additionalKeyExchange: "mlkem768" },
    ],
    [
      "strongswan",
      "additionalKeyExchange must be left out, because strongSwan has ML-KEM from 6.0.2 on",
      { additionalKeyExchange: "mlkem768", routerVersion: "6.0.1" },
    ],
    [
      "ciscoIosXe",
      "additionalKeyExchange must be left out, because IOS-XE has ML-KEM from 26.1.1 on",
      { additionalKeyExchange: "mlkem768", routerVersion: "17.18.1" },
    ],
    [
      "ciscoIosXe",
      "interfaceAddress6 must be left out, because IOS-XE has tunnel mode ipsec dual-overlay from 17.8 on",
      { interfaceAddress6: "2001:db8::/127", routerVersion: "17.07.01a" },
    ],
    [
      "fortios",
      "additionalKeyExchange must be left out, because Cloudflare has tested it with FortiOS 7.6.6 and later",
      { additionalKeyExchange: "mlkem768", routerVersion: "7.6.5" },
    ],
    [
      "fortios",
      "routerVersion must be given if additionalKeyExchange is, because FortiOS 7.6.6 spells ML-KEM-768 as addke1 36, and 7.6.7 and later as addke1 ml-kem-768",
      { additionalKeyExchange: "mlkem1024" },
    ],
    ["strongswan", "routerVersion must be 5.8 or later", { routerVersion: "5.7.2" }],
    ["vyos", "routerVersion must be 1.4 or later", { routerVersion: "1.3.8" }],
    ["ciscoIosXe", "routerVersion must be 17 or later", { routerVersion: "16.12.5" }],
    ["junos", "routerVersion must be 23 or later", { routerVersion: "22.4R3" }],
    ["fortios", "routerVersion must be 7 or later", { routerVersion: "6.4.15" }],
    ["panos", "routerVersion must be 11 or later", { routerVersion: "10.2.9-h1" }],
    ["panos", "interfaceAddress6 must be left out", { interfaceAddress6: "2001:db8::/127" }],
    ["fortios", "fqdnId must have at most 63", { fqdnId: `${"a".repeat(60)}.com` }],
    ["junos", "uplinkInterface must be given", { uplinkInterface: undefined as never }],
    ["fortios", "uplinkInterface must be given", { uplinkInterface: undefined as never }],
    ["panos", "uplinkInterface must be given", { uplinkInterface: undefined as never }],
    ["markdown", "psk must be printable ASCII", { psk: "fake-kéy" }],
    ["markdown", "psk must not start or end with white space", { psk: " fake-key" }],
  ])("reports for %s only that %s", (dialect, rule, change) => {
    const failure = failureOf(() => renderGatewayConfig(dialect, { ...tunnel, ...change }));

    expect(failure.code).toBe("ERR_INVALID_GATEWAY");
    expect(failure.details.problems).toEqual([
      {
        property: rule.split(" ")[0],
        reason: expect.stringContaining(rule.split(" ").slice(1).join(" ")) as string,
      },
    ]);
    expect(everythingIn(failure)).not.toContain(change.psk ?? tunnel.psk);
  });

  it.each<[string, "mlkem768" | "mlkem1024", boolean, string]>([
    ["7.6.6", "mlkem768", false, "addke1 36"],
    ["7.6.6", "mlkem1024", true, "addke1 37 0"],
    ["7.6.7", "mlkem768", true, "addke1 ml-kem-768 none"],
    ["8.0.0", "mlkem1024", false, "addke1 ml-kem-1024"],
  ])("spells the key exchange for FortiOS %s as that version does: %s, %s", (routerVersion, method, fallback, line) => {
    const hybrid = { additionalKeyExchange: method, classicalFallback: fallback, routerVersion };

    expect(renderGatewayConfig("fortios", { ...tunnel, ...hybrid }).split("\n")).toContain(`        set ${line}`);
  });

  it.each<[Dialect, RegExp]>([
    ["strongswan", /^# ML-KEM-768 needs strongSwan 6\.0\.2 or later/m],
    ["ciscoIosXe", /^! ML-KEM-768 needs IOS-XE 26\.1\.1 or later/m],
    ["ciscoIosXe", /^! Cloudflare has tested IOS-XE with ML-KEM-1024 only/m],
    ["fortios", /^# ML-KEM-768: .*FortiOS 7\.6\.6 and later/m],
  ])("says in the text for %s which version ML-KEM needs: %s", (dialect, comment) => {
    const routerVersion = VERSIONS[dialect];

    expect(renderGatewayConfig(dialect, { ...tunnel, additionalKeyExchange: "mlkem768", routerVersion })).toMatch(
      comment,
    );
    expect(renderGatewayConfig(dialect, tunnel)).not.toMatch(comment);
  });

  it("reports a key ID for Junos, even a malformed one, but not if another identity is wrong", () => {
    const keyId = `33145236_${"b".repeat(32)}`;
    const rest = without(tunnel, "fqdnId");

    expect(problemsOf("junos", { ...rest, keyId })).toEqual([
      expect.stringMatching(/^keyId must be left out, because local-identity/),
    ]);
    expect(problemsOf("junos", { ...rest, keyId: "b" })).toEqual([
      expect.stringMatching(/^keyId must be digits/),
      expect.stringMatching(/^keyId must be left out, because local-identity has no key ID: give fqdnId or userFqdnId/),
    ]);
    for (const other of [{ fqdnId: tunnel.fqdnId }, { userFqdnId: "ipsec@example.com" }]) {
      expect(problemsOf("junos", { ...rest, ...other, keyId })).toEqual([
        expect.stringMatching(/^keyId must be left out, because \w+ is given/),
      ]);
    }
    expect(problemsOf("junos", rest)).toEqual([expect.stringMatching(/^fqdnId must be given/)]);
  });

  it("reports an IPv6 route for PAN-OS beside the link that the route would need", () => {
    const routedPrefixes = ["10.0.0.0/8", "2001:db8::/32"];

    expect(problemsOf("panos", { ...tunnel, routedPrefixes })).toEqual([
      expect.stringMatching(/^interfaceAddress6 must be given if/),
      expect.stringMatching(/^routedPrefixes must have no IPv6 network/),
    ]);
  });

  it("says what to do about a generated key", () => {
    expect(failureOf(() => renderGatewayConfig("vyos", { ...tunnel, psk: "0xfa4e" })).details.remedy).toContain(
      "change a rotation trigger",
    );
  });

  it("requires a source for IOS-XE: an address or an interface", () => {
    const rest = without(tunnel, "uplinkInterface");

    expect(problemsOf("ciscoIosXe", rest)).toEqual([expect.stringContaining("uplinkInterface must be given")]);
    expect(renderGatewayConfig("ciscoIosXe", tunnel)).toContain("\n tunnel source wan1\n");
    expect(renderGatewayConfig("ciscoIosXe", { ...rest, customerEndpoint: "198.51.100.7" })).toContain(
      "\n tunnel source 198.51.100.7\n",
    );
  });

  it.each<[customerAsn: number, cloudflareAsn: number, isSaid: boolean]>([
    [64_512, 65_534, false],
    [65_536, 13_335, true],
    [64_512, 4_200_000_000, true],
  ])("sets as-format for PAN-OS if an ASN has four bytes: %d and %d, %s", (customerAsn, cloudflareAsn, isSaid) => {
    const text = renderGatewayConfig("panos", { ...tunnel, customerAsn, cloudflareAsn });
    const lines = text.split("\n");
    const format = "set network virtual-router default protocol bgp routing-options as-format 4-byte";

    expect(lines.includes(format)).toBe(isSaid);
    expect(lines.some((line) => /^# .*as-format .*every BGP peer of the virtual router/.test(line))).toBe(isSaid);
    expect(READERS.panos(text)).toMatchObject({ name: tunnel.name });
    if (isSaid) expect(lines.indexOf(format)).toBeLessThan(lines.findIndex((line) => line.includes(" local-as ")));
  });

  it.each<[Dialect, Partial<GatewayConfigFields>, RegExp]>([
    ["ciscoIosXe", { interfaceAddress6: "2001:db8::/127" }, /^! .*dual-overlay.* IOS-XE 17\.8 or later/m],
    ["panos", {}, /^# .*Advanced Routing Engine.* logical router/m],
    ["fortios", {}, /^# .*second tunnel to 203\.0\.113\.1/m],
  ])("adds a remark for %s with %j about what else it needs", (dialect, change, remark) => {
    expect(renderGatewayConfig(dialect, { ...tunnel, ...change })).toMatch(remark);
  });

  it.each<[Dialect, string]>([
    ["ciscoIosXe", "nat force-encap is not needed"],
    ["fortios", "ike-port 4500 is not needed"],
    ["markdown", "| NAT traversal | on; since May 2026, Cloudflare accepts one that starts on UDP 500 |"],
  ])("says for %s that NAT traversal may start on UDP 500", (dialect, remark) => {
    const text = renderGatewayConfig(dialect, tunnel);

    expect(text).toContain(remark);
    expect(text).toContain("starts on UDP 500");
  });

  it.each<[Dialect, string]>([
    ["ciscoIosXe", "IOS-XE may refuse a second tunnel to 203.0.113.1 from the same source"],
    ["junos", "Junos may refuse a second gateway to 203.0.113.1 from wan1"],
    ["fortios", "FortiOS may refuse a second tunnel to 203.0.113.1 from wan1"],
    ["panos", "PAN-OS may refuse a second gateway to 203.0.113.1 from wan1"],
    ["markdown", "Another tunnel of the router may have the same remote gateway"],
  ])("says for %s what a second tunnel to the same address of Cloudflare may need", (dialect, remark) => {
    expect(renderGatewayConfig(dialect, tunnel)).toContain(remark);
  });

  it("does not mention IPv6 for IOS-XE if there is none inside the tunnel", () => {
    expect(renderGatewayConfig("ciscoIosXe", tunnel)).not.toMatch(/17\.8|ipv6/i);
  });

  it.each<[Dialect, Partial<GatewayConfigFields>]>([
    ["junos", { interfaceNumber: 15_999 }],
    ["fortios", { name: "branch-12345678", uplinkInterface: "wan123456789012" }],
    ["panos", { name: `a${"b".repeat(30)}`, interfaceNumber: 9_999 }],
    ["strongswan", { name: "Include" }],
    ["strongswan", { name: "includes" }],
    ["ciscoIosXe", { name: "default-1" }],
    ["vyos", { name: "default" }],
    ["fortios", { name: "WAN1" }],
    ["vyos", { psk: "1x0s-fake-key", routedPrefixes: ["10.252.2.90/32"] }],
    ["fortios", { psk: "ENCfake-key" }],
    ["fortios", { psk: "6-fake" }],
    ["fortios", { psk: "f".repeat(128) }],
    ["junos", { psk: "f".repeat(255) }],
    ["panos", { psk: "f".repeat(255) }],
    ["vyos", { psk: "f".repeat(300) }],
    ["ciscoIosXe", { psk: "f".repeat(300) }],
    ["markdown", { psk: "f".repeat(300) }],
  ])("accepts the longest and largest values for %s: %j", (dialect, change) => {
    expect(renderGatewayConfig(dialect, { ...tunnel, ...change })).toContain("10.252.2.91");
  });
});
