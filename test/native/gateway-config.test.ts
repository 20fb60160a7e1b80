import { gatewayConfig } from "../../src/native/gateway-config";
import { type Properties, ResourceReference, Secret } from "../../src/native/wire";
import { UNKNOWN } from "../../src/psk/sentinels";
import { recordedCall } from "./recorded-call";

const INPUTS: Properties = {
  dialect: "strongswan",
  name: "branch-1",
  psk: new Secret("fake-key-for-tests-only"),
  fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
  cloudflareEndpoint: "203.0.113.10",
};

const call = () => recordedCall("cloudflare-ipsec-psk:index:GatewayConfig", "router");
const failuresOf = (changes: Properties) => gatewayConfig.check(call(), { ...INPUTS, ...changes }).failures;
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(INPUTS).filter(([name]) => !names.includes(name)));

describe("GatewayConfig", () => {
  describe("check()", () => {
    it("accepts a description", () => {
      expect(failuresOf({})).toEqual([]);
    });

    it("makes a plain key a secret", () => {
      expect(gatewayConfig.check(call(), { ...INPUTS, psk: "fake-key" }).inputs.psk).toEqual(new Secret("fake-key"));
    });

    it("finds every mistake at once, by field, and shows no value", () => {
      const [failure, ...others] = failuresOf({
        dialect: "vyos",
        name: "1x",
        psk: "fake'key",
        cloudflareEndpoint: "x",
      });

      expect(others).toEqual([]);
      expect(failure?.property).toBe("");
      expect(failure?.reason).toMatch(
        /^Cannot render a VyOS configuration: \d problems in its arguments \(ERR_INVALID_GATEWAY\)\n- name must [^]*\n- cloudflareEndpoint must [^]*\n- psk must [^]*\nWhat to do: /,
      );
      expect(failure?.reason).not.toContain("fake'key");
    });

    it.each<[string, Properties]>([
      ["the name", { name: "1x" }],
      ["the dialect", { dialect: "vyosx" }],
      ["an address", { cloudflareEndpoint: "none" }],
      ["a field that no description has", { pskk: "fake" }],
    ])("finds a mistake in %s before the key is known", (_what, changes) => {
      expect(failuresOf({ psk: UNKNOWN, fqdnId: UNKNOWN, ...changes })).toHaveLength(1);
    });

    it.each<[string, Properties]>([
      ["the key", { psk: new Secret(UNKNOWN) }],
      ["the identity", { fqdnId: UNKNOWN }],
      ["one of the networks", { routedPrefixes: ["10.0.0.0/8", UNKNOWN] }],
      ["the dialect", { dialect: UNKNOWN }],
      ["an ASN", { customerAsn: UNKNOWN, interfaceAddress: "10.213.0.8/31" }],
    ])("does not judge %s before it is known", (_what, changes) => {
      expect(failuresOf(changes)).toEqual([]);
    });

    it("refuses a generated key that a dialect cannot take, with field and reason", () => {
      const changes = { dialect: "vyos", interfaceAddress: "10.213.0.8/31", psk: new Secret("fake'key") };
      const [failure] = failuresOf(changes);

      expect(failure?.reason).toMatch(/\n- psk must [^]*change a rotation trigger to generate another one\./);
    });
  });

  describe("check() of a tunnel that Cloudflare has", () => {
    const FROM_TUNNEL = without("cloudflareEndpoint");
    const TUNNEL = {
      cloudflareEndpoint: "203.0.113.10",
      interfaceAddress: "10.213.0.8/31",
      bgp: { customerAsn: 65_010 },
    };
    const checked = (tunnel: unknown) => gatewayConfig.check(call(), { ...FROM_TUNNEL, tunnel });

    it.each<[string, unknown]>([
      ["known", TUNNEL],
      ["a secret", new Secret(TUNNEL)],
      ["unknown", UNKNOWN],
      ["a secret that is unknown", new Secret(UNKNOWN)],
      ["partly unknown", { ...TUNNEL, interfaceAddress: UNKNOWN }],
    ])("takes from it what is not given beside it, where it is %s", (_what, tunnel) => {
      expect(checked(tunnel).failures).toEqual([]);
    });

    it("keeps of it only what is used, and an MD5 key as a secret", () => {
      const tunnel = { ...TUNNEL, psk: "fake", id: UNKNOWN, bgp: { ...TUNNEL.bgp, md5Key: "fake", extraPrefixes: [] } };
      const kept = { ...TUNNEL, bgp: { ...TUNNEL.bgp, md5Key: new Secret("fake") } };

      expect(checked(tunnel).inputs.tunnel).toEqual(kept);
      expect(checked(new Secret(tunnel)).inputs.tunnel).toEqual(new Secret(kept));
    });

    it("says where a mistaken value came from", () => {
      const [failure] = checked({ ...TUNNEL, interfaceAddress: "10.213.0.8/24" }).failures;

      expect(failure?.reason).toMatch(/\n- interfaceAddress must .* \(its value is tunnel\.interfaceAddress\)\n/);
    });

    it("takes the names of Python, which sends them as they are there", () => {
      const snake = {
        cloudflare_endpoint: "203.0.113.10",
        interface_address: "10.213.0.8/31",
        interface_address6: "2001:db8:7::200/127",
        bgp: { customer_asn: 65_010, md5_key: "fake" },
      };

      expect(checked(snake)).toMatchObject({
        failures: [],
        inputs: {
          tunnel: { ...TUNNEL, interfaceAddress6: "2001:db8:7::200/127", bgp: { md5Key: new Secret("fake") } },
        },
      });
    });

    it("keeps an MD5 key a secret in BGP that is one", () => {
      const bgp = new Secret({ customerAsn: 65_010, md5Key: "fake", extraPrefixes: [] });
      const kept = new Secret({ customerAsn: 65_010, md5Key: new Secret("fake") });

      expect(checked({ ...TUNNEL, bgp }).inputs.tunnel).toEqual({ ...TUNNEL, bgp: kept });
    });

    it.each<[string, Properties]>([
      ["without BGP", {}],
      ["with BGP that is null", { bgp: null }],
      ["with empty addresses", { customerEndpoint: "", interfaceAddress6: "", description: "" }],
    ])("takes one %s", (_what, changes) => {
      const { cloudflareEndpoint, interfaceAddress } = TUNNEL;

      expect(checked({ cloudflareEndpoint, interfaceAddress, ...changes }).failures).toEqual([]);
    });

    it.each([UNKNOWN, "0123456789abcdef0123456789abcdef"])("refuses a whole resource, whose ID is %s", (id) => {
      const [failure] = checked(new ResourceReference("urn:pulumi:fake", id)).failures;

      expect(failure?.reason).toContain("- tunnel must be an object with the tunnel's fields, or left out: pass ");
    });

    it("refuses what is not a tunnel", () => {
      expect(checked("urn:pulumi:fake").failures[0]?.reason).toContain("- tunnel must be an object");
    });
  });

  describe("create()", () => {
    it("renders with what Cloudflare has of the tunnel", async () => {
      const tunnel = { customerEndpoint: "198.51.100.1", cloudflareEndpoint: "", bgp: { md5Key: new Secret("fake") } };
      const { outputs } = await gatewayConfig.create(call(), { ...INPUTS, tunnel }, false);

      expect(outputs.text).toEqual(new Secret(expect.stringContaining("local_addrs = 198.51.100.1") as string));
    });

    it("renders the whole text, as a secret", async () => {
      const { id, outputs } = await gatewayConfig.create(call(), INPUTS, false);

      expect(id).toBe("router");
      expect(outputs).toEqual({ text: new Secret(expect.stringContaining("secret = 0s") as string) });
    });

    it("does not know the text in a preview whose key is unknown", async () => {
      const { outputs } = await gatewayConfig.create(call(), { ...INPUTS, psk: new Secret(UNKNOWN) }, true);

      expect(outputs).toEqual({ text: new Secret(UNKNOWN) });
    });
  });

  describe("diff()", () => {
    const olds = async () => ({ inputs: INPUTS, outputs: (await gatewayConfig.create(call(), INPUTS, false)).outputs });

    it("keeps what renders the same text", async () => {
      expect(await gatewayConfig.diff(call(), await olds(), INPUTS)).toEqual({ changes: false });
      expect(await gatewayConfig.diff(call(), await olds(), { ...INPUTS, interfaceNumber: 1 })).toEqual({
        changes: false,
      });
    });

    it("updates in place for another description, and shows what changed", async () => {
      const news = { ...INPUTS, psk: new Secret("fake-key-2"), customerEndpoint: "198.51.100.1" };

      expect(await gatewayConfig.diff(call(), await olds(), news)).toEqual({
        changes: true,
        properties: {
          psk: { kind: "update", in: "inputs" },
          customerEndpoint: { kind: "add", in: "inputs" },
        },
      });
    });

    it("updates in place while a field is unknown", async () => {
      const news = { ...INPUTS, psk: new Secret(UNKNOWN) };

      expect(await gatewayConfig.diff(call(), await olds(), news)).toMatchObject({ changes: true });
    });

    it("updates a text that an earlier release has rendered", async () => {
      const outputs = { text: new Secret("the text of an earlier release") };

      expect(await gatewayConfig.diff(call(), { inputs: INPUTS, outputs }, INPUTS)).toEqual({
        changes: true,
        properties: { text: { kind: "update", in: "outputs" } },
      });
    });
  });

  it("update() renders again", async () => {
    const { outputs } = await gatewayConfig.create(call(), INPUTS, false);
    const stale = { inputs: INPUTS, outputs: { text: new Secret("stale") } };

    expect(await gatewayConfig.update(call(), stale, INPUTS, false)).toEqual(outputs);
  });

  it("read() returns the state, because nothing else has it", async () => {
    const { outputs } = await gatewayConfig.create(call(), INPUTS, false);

    expect(await gatewayConfig.read(call(), { inputs: INPUTS, outputs })).toEqual(outputs);
  });

  it("read() refuses an import in plain words", async () => {
    await expect(gatewayConfig.read(call(), { inputs: {}, outputs: {} })).rejects.toThrow(
      'Cannot read or import GatewayConfig "router": it exists only in the state of its stack (ERR_INVALID_INPUT)',
    );
  });

  it.each(["name", "psk", "fqdnId", "cloudflareEndpoint", "dialect"])("check() requires %s", (name) => {
    expect(gatewayConfig.check(call(), without(name)).failures[0]?.reason).toContain(`- ${name} must`);
  });
});
