import { type Dialect, type GatewayConfigFields, renderGatewayConfig } from "../../../src/gateways";
import { describeWithStrongswan, SITE, type Site, startSite } from "../../support/strongswan";
import { CONNECTION_READERS } from "../parsers";
import { altered } from "./altered";
import { swanctlOf } from "./swanctl-of";
import { tunnelOf } from "./tunnel-of";

const DIALECTS: readonly Dialect[] = [
  "strongswan",
  ...(Object.keys(CONNECTION_READERS) as (keyof typeof CONNECTION_READERS)[]),
];
const ESTABLISHED = { established: true, reason: "" };
const REFUSED = { established: false, reason: "AUTHENTICATION_FAILED" };

/** Two tunnels of one router to the same address of Cloudflare, as all tunnels of a new account are. */
const PAIR = [1, 2].map((interfaceNumber) => ({
  ...tunnelOf(`site-${interfaceNumber}`, "fqdn", `fake-key-${interfaceNumber}-for-tests-only`),
  fqdnId: `${String(interfaceNumber).repeat(32)}.33145236.ipsec.cloudflare.com`,
  interfaceAddress: `10.252.2.${88 + 2 * interfaceNumber}/31`,
  interfaceNumber,
}));

/** What the router runs of one tunnel. VyOS names Cloudflare's address beside the router's identity for each key. */
function swanctlConf(dialect: Dialect, tunnel: GatewayConfigFields): string {
  const text = renderGatewayConfig(dialect, tunnel);
  if (dialect === "strongswan") return text;
  const own = swanctlOf(CONNECTION_READERS[dialect](text));
  return dialect === "vyos"
    ? altered(own, /^ *id-1 = .*$/m, () => `id-1 = ${tunnel.fqdnId ?? ""}\nid-2 = ${tunnel.cloudflareEndpoint}`)
    : own;
}

describeWithStrongswan(
  "renderGatewayConfig() of two tunnels with one cloudflareEndpoint, loaded together",
  (): void => {
    let site: Site;

    beforeAll(async () => {
      site = await startSite();
    });

    afterAll(() => site.close());

    describe.each(DIALECTS)("as %s", (dialect) => {
      beforeAll(async () => {
        for (const { name, psk: key, fqdnId: value } of PAIR) {
          await site.edge.serve({ name, address: SITE.cloudflareEndpoint, identity: { type: "fqdn", value }, key });
        }
        await site.gateway.load(PAIR.map((tunnel) => swanctlConf(dialect, tunnel)).join(""));
      });

      afterAll(async () => {
        for (const { name } of PAIR) {
          await site.gateway.terminate(name);
          await site.edge.remove(name);
        }
      });

      it("brings both up, each with its own identity and key", async () => {
        for (const { name } of PAIR) expect(await site.gateway.reauthenticate(name)).toEqual(ESTABLISHED);

        const established = (await site.edge.sas()).filter(({ state }) => state === "ESTABLISHED");
        const identities = established.map((sa) => [sa.name, sa["remote-id"], sa["local-host"]]);
        expect(identities.sort()).toEqual(PAIR.map(({ name, fqdnId }) => [name, fqdnId, SITE.cloudflareEndpoint]));
      });

      it("is refused as one tunnel and accepted as the other if the edge has another key for one of them", async () => {
        await site.edge.setKey("site-1", "another-fake-key-for-tests-only");

        expect(await site.gateway.reauthenticate("site-1")).toEqual(REFUSED);
        expect(await site.gateway.reauthenticate("site-2")).toEqual(ESTABLISHED);
      });
    });
  },
);
