import type { PulumiFn } from "@pulumi/pulumi/automation";
import { gatewayConfig, IpsecTunnelPsk } from "../../src";
import { closeWithoutLeaks, startEngine, type TestEngine } from "../support/engine";
import { findLeaks } from "../support/leaks";
import { describeWithStrongswan, ping, SITE, type Site, startSite, suiteOf } from "../support/strongswan";

const NAME = "branch-1";
const UP = { established: true, reason: "" };
const REFUSED = { established: false, reason: "AUTHENTICATION_FAILED" };

describeWithStrongswan("a stack's swanctl.conf", () => {
  let engine: TestEngine;
  let tunnelId: string;
  /** The file and the key at the edge after the first `up`. */
  let swanctl: string;
  let key: string;
  let site: Site;

  beforeAll(async () => {
    engine = await startEngine();
    tunnelId = engine.simulator.addTunnel({ name: NAME });
    swanctl = await up("2026-Q3");
    key = engine.simulator.keyAtEdge(tunnelId) ?? "";
  });

  afterAll(() => closeWithoutLeaks(engine));

  beforeEach(async () => {
    site = await startSite();
    const identity = { type: "fqdn", value: `${tunnelId}.33145236.ipsec.cloudflare.com` } as const;
    await site.edge.serve({ name: NAME, address: SITE.cloudflareEndpoint, identity, key });
  });

  afterEach(async () => {
    const logs = new Map([site.edge, site.gateway].map((end) => [end.folder, end.log()]));
    await site.close();
    expect(findLeaks(logs, engine.simulator.issuedKeys())).toEqual([]);
  });

  function program(quarter: string): PulumiFn {
    return () => {
      const { psk, fqdnId } = new IpsecTunnelPsk(NAME, {
        accountId: engine.simulator.accountId,
        ipsecTunnelId: tunnelId,
        rotationTriggers: { quarter },
      });
      return Promise.resolve({ swanctl: gatewayConfig("strongswan", { ...SITE, name: NAME, psk, fqdnId }) });
    };
  }

  async function up(quarter: string): Promise<string> {
    const { outputs, text } = await engine.up(program(quarter));
    if (typeof outputs.swanctl?.value !== "string") throw new Error(`No swanctl.conf came out: ${text}`);
    return outputs.swanctl.value;
  }

  async function bringUp(): Promise<void> {
    await site.gateway.load(swanctl);
    await site.gateway.waitUntilUp(NAME);
  }

  /** The edge accepts only the active key, as at Cloudflare. */
  async function giveEdgeItsKey(): Promise<void> {
    await site.edge.setKey(NAME, engine.simulator.keyAtEdge(tunnelId) ?? "");
  }

  const pings = (limitS = 5) => ping(site.gateway, site.edge.inside, { count: 3, limitS });

  it("brings the tunnel up by itself, with the identity and the proposals that Cloudflare documents", async () => {
    await bringUp();

    const [sa, ...more] = await site.edge.sas();

    expect(more).toEqual([]);
    expect(sa).toMatchObject({
      state: "ESTABLISHED",
      version: "2",
      "local-id": SITE.cloudflareEndpoint,
      "remote-id": `${tunnelId}.33145236.ipsec.cloudflare.com`,
      children: [{ state: "INSTALLED", protocol: "ESP", "local-ts": ["0.0.0.0/0"], "remote-ts": ["0.0.0.0/0"] }],
    });
    expect(sa && suiteOf(sa)).toBe("AES_CBC-256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/ECP_384");
    expect(sa?.children.map(suiteOf)).toEqual(["AES_GCM_16-256"]);
  });

  it("carries pings through ESP, and through nothing else", async () => {
    const before = await pings(1);
    await bringUp();
    const through = await pings();
    const [esp] = (await site.edge.sas())[0]?.children ?? [];
    await site.gateway.terminate(NAME);
    const after = await pings(1);

    expect([before, through, after]).toEqual([0, 3, 0]);
    expect(esp?.["packets-in"]).toBeGreaterThanOrEqual(3);
    expect(esp?.["packets-out"]).toBeGreaterThanOrEqual(3);
  });

  it("keeps the tunnel up after Cloudflare got another key, until it has to authenticate again", async () => {
    await bringUp();

    engine.simulator.rotate(tunnelId);
    await giveEdgeItsKey();

    expect(await pings()).toBe(3);
    expect(await site.gateway.rekey(NAME)).toEqual(UP);
    expect(await site.gateway.reauthenticate(NAME)).toEqual(REFUSED);
    expect(await pings(1)).toBe(0);
  });

  it("authenticates again with the configuration of the up that rotated the key", async () => {
    await bringUp();

    const rotated = await up("2026-Q4");
    await giveEdgeItsKey();
    const stale = await site.gateway.reauthenticate(NAME);
    await site.gateway.load(rotated);
    const fresh = await site.gateway.reauthenticate(NAME);

    expect([stale, fresh]).toEqual([REFUSED, UP]);
    expect(await pings()).toBe(3);
  });
});
