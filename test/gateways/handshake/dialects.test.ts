import { renderGatewayConfig } from "../../../src/gateways";
import {
  describeWithStrongswan,
  type Identity,
  ping,
  SITE,
  type Site,
  startSite,
  suiteOf,
} from "../../support/strongswan";
import { CONNECTION_READERS } from "../parsers";
import { alternativesIn } from "../parsers/markdown";
import { altered } from "./altered";
import { IDENTITIES, identityOf, tunnelOf } from "./tunnel-of";
import { swanctlOf } from "./swanctl-of";

type Translated = keyof typeof CONNECTION_READERS;

const AES_CBC = "AES_CBC-256/HMAC_SHA2_256_128";
const AES_GCM = "AES_GCM_16-256";
const PRF_AND_GROUP = "PRF_HMAC_SHA2_256/ECP_384";
/** What each dialect negotiates with Cloudflare: IKE SA and Child SA. */
const NEGOTIATED: Readonly<Record<Translated, readonly [ike: string, esp: string]>> = {
  vyos: [AES_CBC, AES_GCM],
  ciscoIosXe: [AES_CBC, AES_GCM],
  junos: [AES_CBC, AES_CBC],
  fortios: [AES_GCM, AES_GCM],
  panos: [AES_CBC, AES_CBC],
  markdown: [AES_CBC, AES_GCM],
};
const dialects = Object.keys(CONNECTION_READERS) as Translated[];

const STRONGSWAN_GROUPS: Readonly<Record<string, string>> = { 5: "MODP_1536", 14: "MODP_2048" };

/** What a dialect has no room for. */
const REFUSED = [
  ["junos", "keyId"],
  ["fortios", "userFqdn"],
] as const;
const types = Object.keys(IDENTITIES) as Identity["type"][];
const cases = dialects.flatMap((dialect) => types.map((type) => [dialect, type] as const));
const possible = cases.filter((one) => !REFUSED.some((refused) => refused.join() === one.join()));

const KEY = "fake-key-for-tests-only";
const PINGS = 3;
const HOUR_S = 3_600;

describeWithStrongswan("renderGatewayConfig(), read back and run by strongSwan", () => {
  let site: Site;

  beforeAll(async () => {
    site = await startSite();
  });

  afterAll(() => site.close());

  /** Loads into the gateway what a router reads from a text. */
  async function run(dialect: Translated, name: string, type: Identity["type"], change = (text: string) => text) {
    const connection = CONNECTION_READERS[dialect](change(renderGatewayConfig(dialect, tunnelOf(name, type, KEY))));
    await site.edge.serve({ name, address: SITE.cloudflareEndpoint, identity: identityOf(type), key: KEY });
    await site.gateway.load(swanctlOf(connection));
    return connection;
  }

  async function end(name: string): Promise<void> {
    await site.gateway.terminate(name);
    await site.edge.remove(name);
  }

  describe.each(possible)("as %s with %s", (dialect, type) => {
    const name = `${dialect}-${type}`;

    beforeAll(async () => {
      await run(dialect, name, type);
      await site.gateway.waitUntilUp(name);
    });

    afterAll(() => end(name));

    const saAt = async (end: "edge" | "gateway") =>
      (await site[end].sas()).find((sa) => sa.name === name && sa.state === "ESTABLISHED");

    it("is identified by the edge by its identity, and identifies the edge by its address", async () => {
      expect(await saAt("edge")).toMatchObject({ "remote-id": IDENTITIES[type], "remote-host": SITE.customerEndpoint });
      expect(await saAt("gateway")).toMatchObject({ "remote-id": SITE.cloudflareEndpoint, initiator: "yes" });
    });

    it("negotiates the expected proposals with the edge", async () => {
      const sa = await saAt("gateway");
      const [ike, esp] = NEGOTIATED[dialect];

      expect(sa && suiteOf(sa)).toBe(`${ike}/${PRF_AND_GROUP}`);
      expect(sa?.children.map(suiteOf)).toEqual([esp]);
    });

    it("carries pings", async () => {
      expect(await ping(site.gateway, site.edge.inside, { count: PINGS })).toBe(PINGS);
      expect((await saAt("edge"))?.children[0]?.["packets-out"]).toBeGreaterThanOrEqual(PINGS);
    });

    it("is rekeyed with perfect forward secrecy", async () => {
      const rekeyed = await site.gateway.rekey(name);

      expect(rekeyed).toEqual({ established: true, reason: "" });
      expect((await saAt("gateway"))?.children.map(suiteOf)).toContain(`${NEGOTIATED[dialect][1]}/ECP_384`);
    });

    it("is refused if the edge has another key", async () => {
      await site.edge.setKey(name, "another-fake-key-for-tests-only");

      expect(await site.gateway.reauthenticate(name)).toEqual({
        established: false,
        reason: "AUTHENTICATION_FAILED",
      });
    });
  });

  it.each<[Translated, string, string]>([
    ["vyos", "proposal 1 dh-group '20'", "proposal 1 dh-group '2'"],
    ["ciscoIosXe", " encryption aes-cbc-256", " encryption aes-cbc-128"],
    [
      "junos",
      "ike proposal controlled encryption-algorithm aes-256-cbc",
      "ike proposal controlled encryption-algorithm aes-128-cbc",
    ],
    ["fortios", "dhgrp 20", "dhgrp 2"],
    ["panos", "hash sha256", "hash sha1"],
    ["markdown", "SHA-256", "SHA-1"],
  ])("is refused as %s if the text proposes what Cloudflare does not accept", async (dialect, good, bad) => {
    await run(dialect, "controlled", "fqdn", (text) => altered(text, good, () => bad));

    expect(await site.gateway.reauthenticate("controlled")).toEqual({
      established: false,
      reason: "NO_PROPOSAL_CHOSEN",
    });
    await end("controlled");
  });

  it("comes up with each of the other proposals that the value sheet says Cloudflare accepts", async () => {
    const { groups, phase2 } = alternativesIn(renderGatewayConfig("markdown", tunnelOf("others", "fqdn", KEY)));
    expect({ groups, phase2 }).toEqual({ groups: ["14", "5"], phase2: "AES-256-CBC, SHA-256" });

    for (const group of groups) {
      const name = `others-${group}`;
      await run("markdown", name, "fqdn", (text) =>
        altered(
          altered(text, "SHA-256, DH group 20", () => `SHA-256, DH group ${group}`),
          "AES-256-GCM (128-bit ICV), PFS group 20",
          () => `${phase2}, PFS group ${group}`,
        ),
      );
      await site.gateway.waitUntilUp(name);

      expect(await site.gateway.rekey(name)).toEqual({ established: true, reason: "" });
      const [sa] = (await site.gateway.sas()).filter((one) => one.name === name);
      expect(sa && suiteOf(sa)).toBe(`${AES_CBC}/PRF_HMAC_SHA2_256/${STRONGSWAN_GROUPS[group] ?? ""}`);
      expect(sa?.children.map(suiteOf)).toContain(`${AES_CBC}/${STRONGSWAN_GROUPS[group] ?? ""}`);
      await end(name);
    }
  });

  it("cannot be rekeyed if the text has no perfect forward secrecy", async () => {
    await run("junos", "no-pfs", "fqdn", (text) => altered(text, /^.*perfect-forward-secrecy.*\n/m, () => ""));
    await site.gateway.waitUntilUp("no-pfs");

    expect(await site.gateway.rekey("no-pfs")).toEqual({ established: false, reason: "NO_PROPOSAL_CHOSEN" });
    await end("no-pfs");
  });
});

describe("renderGatewayConfig()", () => {
  it.each(REFUSED)("refuses %s with %s", (dialect, type) => {
    expect(() => renderGatewayConfig(dialect, tunnelOf("refused", type))).toThrow("ERR_INVALID_GATEWAY");
  });

  // https://developers.cloudflare.com/cloudflare-wan/troubleshooting/ipsec-troubleshoot/
  it.each(dialects)("renders the lifetimes that Cloudflare advises: %s", (dialect) => {
    const text = renderGatewayConfig(dialect, tunnelOf("lifetimes", "fqdn"));

    const { ike, esp } = CONNECTION_READERS[dialect](text);

    expect([ike, esp].map(({ lifetimeSeconds }) => lifetimeSeconds / HOUR_S)).toEqual([24, 8]);
  });
});
