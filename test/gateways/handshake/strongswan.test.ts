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
import { altered } from "./altered";
import { IDENTITIES, identityOf, tunnelOf } from "./tunnel-of";

const REFUSED = { established: false, reason: "AUTHENTICATION_FAILED" };
const types = Object.keys(IDENTITIES) as Identity["type"][];

/** Keys that strongSwan would read as something else in a swanctl.conf, and one that is not ASCII. */
const HOSTILE_KEYS = [
  ["reads like hexadecimal", "0xdeadbeefdeadbeefdeadbeefdeadbeef"],
  ["reads like Base64", "0sQUJDREVGZmFrZS1rZXktZm9yLXRlc3Rz"],
  ["has a double quote", 'fake"key"for-tests-only'],
  ["has a backslash", "fake\\nkey\\for-tests-only"],
  ["has a number sign", "fake#key-for-tests-only"],
  ["has braces", "fake}key{for-tests-only"],
  ["starts and ends with a space", " fake key for tests only "],
  ["is not ASCII", "fàké-kéy-for-tests-only"],
] as const;
const cases = HOSTILE_KEYS.map(([what, key], index) => ({ what, key, name: `key-${index}` }));

describeWithStrongswan("renderGatewayConfig(strongswan), loaded as it is", () => {
  let site: Site;

  beforeAll(async () => {
    site = await startSite();
  });

  afterAll(() => site.close());

  async function serve(name: string, key: string, identity = identityOf("fqdn")): Promise<void> {
    await site.edge.serve({ name, address: SITE.cloudflareEndpoint, identity, key });
  }

  // There may be other SAs whose end the edge has not been told.
  const saAtEdge = async (name: string) =>
    (await site.edge.sas()).find((sa) => sa.name === name && sa.state === "ESTABLISHED");

  async function end(name: string): Promise<void> {
    await site.gateway.terminate(name);
    await site.edge.remove(name);
  }

  describe.each(cases)("with a key that $what", ({ name, key }) => {
    const text = renderGatewayConfig("strongswan", tunnelOf(name, "fqdn", key));

    beforeAll(() => serve(name, key));

    afterAll(() => end(name));

    it("comes up by itself with an edge that has the same bytes, and carries pings", async () => {
      await site.gateway.load(text);
      await site.gateway.waitUntilUp(name);

      expect(await ping(site.gateway, site.edge.inside, { count: 2 })).toBe(2);
    });

    it("is refused by an edge that has one byte more", async () => {
      await site.edge.setKey(name, `${key}+`);

      expect(await site.gateway.reauthenticate(name)).toEqual(REFUSED);
    });
  });

  it.each(cases.filter(({ key }) => /^0|\\/.test(key)))(
    "would be refused if a key that $what were written as it is",
    async ({ name, key }) => {
      const text = renderGatewayConfig("strongswan", tunnelOf(name, "fqdn", key));
      await serve(name, key);

      await site.gateway.load(altered(text, /secret = .*/, () => `secret = "${key}"`));

      expect(await site.gateway.reauthenticate(name)).toEqual(REFUSED);
      await end(name);
    },
  );

  describe.each(types)("with %s", (type) => {
    const name = `id-${type}`;

    beforeAll(async () => {
      await serve(name, "fake-key-for-tests-only", identityOf(type));
      await site.gateway.load(renderGatewayConfig("strongswan", tunnelOf(name, type)));
      await site.gateway.waitUntilUp(name);
    });

    afterAll(() => end(name));

    it("is identified by the edge by its identity, and negotiates the expected proposals", async () => {
      const sa = await saAtEdge(name);

      expect(sa).toMatchObject({ "remote-id": identityOf(type).value, "remote-host": SITE.customerEndpoint });
      expect(sa && suiteOf(sa)).toBe("AES_CBC-256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/ECP_384");
      expect(sa?.children.map(suiteOf)).toEqual(["AES_GCM_16-256"]);
    });

    it("is rekeyed with perfect forward secrecy", async () => {
      expect(await site.gateway.rekey(name)).toEqual({ established: true, reason: "" });
      expect((await saAtEdge(name))?.children.map(suiteOf)).toContain("AES_GCM_16-256/ECP_384");
    });

    it("is refused if the edge expects the same text as another type of identity", async () => {
      await site.edge.remove(name);
      const other = type === "keyId" ? "fqdn" : "keyId";
      await serve(name, "fake-key-for-tests-only", { type: other, value: identityOf(type).value });

      expect(await site.gateway.reauthenticate(name)).toEqual(REFUSED);
    });
  });
});
