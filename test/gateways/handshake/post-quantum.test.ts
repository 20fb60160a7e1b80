import {
  type AdditionalKeyExchange,
  type Dialect,
  type GatewayConfigFields,
  renderGatewayConfig,
} from "../../../src/gateways";
import {
  describeWithStrongswan6,
  type EdgeTunnel,
  ping,
  SITE,
  type Site,
  startSite,
  suiteOf,
} from "../../support/strongswan";
import { CONNECTION_READERS } from "../parsers";
import { LATER_VERSIONS, VERSIONS } from "../versions";
import { altered } from "./altered";
import { swanctlOf } from "./swanctl-of";
import { identityOf, tunnelOf } from "./tunnel-of";

const KEY = "fake-key-for-tests-only";
const CBC = "AES_CBC-256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/ECP_384";
const GCM = "AES_GCM_16-256/PRF_HMAC_SHA2_256/ECP_384";
const METHODS = [
  ["mlkem768", "KE1_ML_KEM_768"],
  ["mlkem1024", "KE1_ML_KEM_1024"],
] as const;
const PINGS = 3;

type Accepted = NonNullable<EdgeTunnel["keyExchange"]>;
type Hybrid = Pick<GatewayConfigFields, "additionalKeyExchange" | "classicalFallback" | "routerVersion">;

/** What the router runs: our own text, or what our reader finds in a vendor's. */
function swanctlConf(dialect: Exclude<Dialect, "vyos" | "junos" | "panos">, name: string, hybrid: Hybrid): string {
  const text = renderGatewayConfig(dialect, { ...tunnelOf(name, "fqdn", KEY), ...hybrid });
  return dialect === "strongswan" ? text : swanctlOf(CONNECTION_READERS[dialect](text));
}

describeWithStrongswan6("renderGatewayConfig() with ML-KEM, run by two strongSwan 6", (build) => {
  let site: Site;

  beforeAll(async () => {
    site = await startSite(build);
  });

  afterAll(() => site.close());

  async function serve(name: string, keyExchange: Accepted): Promise<void> {
    await site.edge.serve({
      name,
      address: SITE.cloudflareEndpoint,
      identity: identityOf("fqdn"),
      key: KEY,
      keyExchange,
    });
  }

  async function end(name: string): Promise<void> {
    await site.gateway.terminate(name);
    await site.edge.remove(name);
  }

  const saAt = async (end: "edge" | "gateway", name: string) =>
    (await site[end].sas()).find((sa) => sa.name === name && sa.state === "ESTABLISHED");
  const suiteAt = async (end: "edge" | "gateway", name: string) => {
    const sa = await saAt(end, name);
    return sa && suiteOf(sa);
  };
  const exchangesSince = (start: number) =>
    // A message in fragments is parsed once more as a whole.
    [
      ...site.gateway
        .log()
        .slice(start)
        .matchAll(/parsed (IKE_\w+|CREATE_CHILD_SA) response \d+ \[ (?!EF)/g),
    ].map(([, exchange]) => exchange);

  describe.each(METHODS)("as the strongSwan file itself, with %s", (method, keyExchange) => {
    const name = `own-${method}`;
    let start = 0;

    beforeAll(async () => {
      await serve(name, "hybrid");
      start = site.gateway.log().length;
      await site.gateway.load(swanctlConf("strongswan", name, { additionalKeyExchange: method }));
      await site.gateway.waitUntilUp(name);
    });

    afterAll(() => end(name));

    it("negotiates ML-KEM in IKE_INTERMEDIATE, in addition to group 20, in two fragments", async () => {
      expect(await suiteAt("gateway", name)).toBe(`${CBC}/${keyExchange}`);
      expect(await suiteAt("edge", name)).toBe(`${CBC}/${keyExchange}`);
      expect(exchangesSince(start)).toEqual(["IKE_SA_INIT", "IKE_INTERMEDIATE", "IKE_AUTH"]);
      expect(site.gateway.log().slice(start)).toContain("generating IKE_INTERMEDIATE request 1 [ EF(2/2) ]");
    });

    it("carries pings over ESP", async () => {
      expect(await ping(site.gateway, site.edge.inside, { count: PINGS })).toBe(PINGS);
      expect((await saAt("edge", name))?.children[0]?.["packets-out"]).toBeGreaterThanOrEqual(PINGS);
    });

    it("is rekeyed as a child with classical perfect forward secrecy, and stays hybrid", async () => {
      expect(await site.gateway.rekey(name)).toEqual({ established: true, reason: "" });

      expect((await saAt("gateway", name))?.children.map(suiteOf)).toContain("AES_GCM_16-256/ECP_384");
      expect(await suiteAt("gateway", name)).toBe(`${CBC}/${keyExchange}`);
    });

    it("is rekeyed as an IKE SA with ML-KEM again, in IKE_FOLLOWUP_KE", async () => {
      const before = (await saAt("gateway", name))?.uniqueid;
      const rekeying = site.gateway.log().length;

      expect(await site.gateway.rekeyIke(name)).toEqual({ established: true, reason: "" });

      expect((await saAt("gateway", name))?.uniqueid).not.toBe(before);
      expect(await suiteAt("gateway", name)).toBe(`${CBC}/${keyExchange}`);
      expect(exchangesSince(rekeying)).toEqual(["CREATE_CHILD_SA", "IKE_FOLLOWUP_KE"]);
      expect(await ping(site.gateway, site.edge.inside, { count: PINGS })).toBe(PINGS);
    });
  });

  it.each<[string, Hybrid, Accepted, string]>([
    ["hybrid text at an edge with both", { additionalKeyExchange: "mlkem768" }, "either", `${CBC}/KE1_ML_KEM_768`],
    [
      "text with a fallback at an edge with both",
      { additionalKeyExchange: "mlkem768", classicalFallback: true },
      "either",
      `${CBC}/KE1_ML_KEM_768`,
    ],
    [
      "text with a fallback at a classical edge",
      { additionalKeyExchange: "mlkem1024", classicalFallback: true },
      "classical",
      CBC,
    ],
    ["classical text at an edge with both", {}, "either", CBC],
  ])("brings up a %s", async (_what, hybrid, keyExchange, suite) => {
    await serve("pair", keyExchange);
    await site.gateway.load(swanctlConf("strongswan", "pair", hybrid));

    expect(await site.gateway.reauthenticate("pair")).toEqual({ established: true, reason: "" });
    expect(await suiteAt("edge", "pair")).toBe(suite);
    await end("pair");
  });

  it.each<[string, Hybrid, Accepted]>([
    ["hybrid text without a fallback by a classical edge", { additionalKeyExchange: "mlkem768" }, "classical"],
    ["classical text by a hybrid edge", {}, "hybrid"],
  ])("has a %s refused", async (_what, hybrid, keyExchange) => {
    await serve("pair", keyExchange);
    await site.gateway.load(swanctlConf("strongswan", "pair", hybrid));

    expect(await site.gateway.reauthenticate("pair")).toEqual({ established: false, reason: "NO_PROPOSAL_CHOSEN" });
    await end("pair");
  });

  describe.each<["ciscoIosXe" | "fortios" | "markdown", string, string]>([
    ["ciscoIosXe", VERSIONS.ciscoIosXe, CBC],
    ["fortios", VERSIONS.fortios, GCM],
    ["fortios", LATER_VERSIONS.fortios, GCM],
    ["markdown", VERSIONS.markdown, CBC],
  ])("as what our reader finds for %s %s", (dialect, routerVersion, suite) => {
    const name = `${dialect}-${routerVersion.replaceAll(".", "-")}`;
    const load = async (hybrid: Hybrid, change = (text: string) => text) =>
      site.gateway.load(change(swanctlConf(dialect, name, { routerVersion, ...hybrid })));

    afterEach(() => end(name));

    it.each(METHODS)("negotiates %s, carries pings, and is rekeyed", async (method, keyExchange) => {
      await serve(name, "hybrid");
      await load({ additionalKeyExchange: method });

      expect(await site.gateway.reauthenticate(name)).toEqual({ established: true, reason: "" });
      expect(await suiteAt("edge", name)).toBe(`${suite}/${keyExchange}`);
      expect(await ping(site.gateway, site.edge.inside, { count: PINGS })).toBe(PINGS);
      expect(await site.gateway.rekey(name)).toEqual({ established: true, reason: "" });
      expect(await site.gateway.rekeyIke(name)).toEqual({ established: true, reason: "" });
      expect(await suiteAt("edge", name)).toBe(`${suite}/${keyExchange}`);
    });

    it("is refused by a classical edge without a fallback, and accepted with one", async () => {
      const additionalKeyExchange: AdditionalKeyExchange = "mlkem768";
      await serve(name, "classical");

      await load({ additionalKeyExchange });
      expect(await site.gateway.reauthenticate(name)).toEqual({ established: false, reason: "NO_PROPOSAL_CHOSEN" });

      await load({ additionalKeyExchange, classicalFallback: true });
      expect(await site.gateway.reauthenticate(name)).toEqual({ established: true, reason: "" });
      expect(await suiteAt("edge", name)).toBe(suite);
    });

    it("is refused by a hybrid edge if the text proposes ML-KEM-512, which Cloudflare does not accept", async () => {
      await serve(name, "hybrid");
      await load({ additionalKeyExchange: "mlkem768" }, (text) => altered(text, "mlkem768", () => "mlkem512"));

      expect(await site.gateway.reauthenticate(name)).toEqual({ established: false, reason: "NO_PROPOSAL_CHOSEN" });
    });
  });
});
