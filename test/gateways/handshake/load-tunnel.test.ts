import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { renderGatewayConfig } from "../../../src/gateways";
import { ROOT } from "../../support/build";
import { describeWithStrongswan, environmentOf, ping, SITE, type Site, startSite } from "../../support/strongswan";
import { altered } from "./altered";
import { identityOf, tunnelOf } from "./tunnel-of";

const NAME = "branch-1";
const KEY = "fake-key-for-tests-only";
const NEW_KEY = "another-fake-key-for-tests-only";

describeWithStrongswan("load-tunnel.sh on real daemons", () => {
  let site: Site;

  beforeEach(async () => {
    site = await startSite();
    await site.edge.serve({ name: NAME, address: SITE.cloudflareEndpoint, identity: identityOf("fqdn"), key: KEY });
  });

  afterEach(() => site.close());

  const textWith = (key: string) => renderGatewayConfig("strongswan", tunnelOf(NAME, "fqdn", key));

  /** Runs the script as a user of the router would, with a configuration on its standard input. */
  async function load(configuration: string) {
    const script = join(ROOT, "examples/two-tunnels/load-tunnel.sh");
    const env = environmentOf(site.gateway, join(site.gateway.folder, "etc"));
    const child = spawn("sh", [script, NAME], { env, timeout: 60_000 });
    child.stdin.end(configuration);
    // Beside the script's own lines, standard error has what swanctl says about plugins and folders that are missing.
    const closed = once(child, "close");
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    await closed;
    return { status: child.exitCode, stdout, stderr };
  }

  const pings = () => ping(site.gateway, site.edge.inside, { count: 2 });

  it("establishes the tunnel, and again after a rotation, with a child that carries pings", async () => {
    expect(await load(textWith(KEY))).toMatchObject({ status: 0, stdout: `${NAME}: established\n` });
    expect(await pings()).toBe(2);
    await site.edge.setKey(NAME, NEW_KEY);

    expect(await load(textWith(NEW_KEY))).toMatchObject({ status: 0, stdout: `${NAME}: established\n` });
    expect(await pings()).toBe(2);
  });

  it("fails if the edge has another key", async () => {
    await load(textWith(KEY));
    await site.edge.setKey(NAME, NEW_KEY);

    const { status, stderr } = await load(textWith(KEY));

    expect(status).toBe(1);
    expect(stderr).toContain("AUTHENTICATION_FAILED");
  });

  it("fails if the edge accepts the key but refuses the child, which strongSwan does not retry", async () => {
    const refused = altered(textWith(KEY), "esp_proposals = aes256gcm16", () => "esp_proposals = aes192gcm16");

    const { status, stderr } = await load(refused);

    expect(status).toBe(1);
    expect(stderr).toContain("NO_PROPOSAL_CHOSEN");
    expect(await site.gateway.sas()).toMatchObject([{ name: NAME, state: "ESTABLISHED", children: [] }]);
  });
});
