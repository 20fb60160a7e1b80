import { renderGatewayConfig } from "../../src/gateways";
import { CONFIGURATION } from "./configuration";
import { keyOf, type Run, runExample } from "./run-example";

let run: Run;

beforeAll(async () => {
  run = await runExample("existing-tunnel");
});

describe("examples/existing-tunnel", () => {
  it("renders what Cloudflare has of the tunnel, as a secret", () => {
    const { ipsecTunnelId = "" } = CONFIGURATION;

    expect(run.outputs.vyos).toEqual({
      known: true,
      secret: true,
      value: renderGatewayConfig("vyos", {
        name: "branch-1",
        psk: keyOf("branch-1"),
        fqdnId: `${ipsecTunnelId}.33145236.ipsec.cloudflare.com`,
        cloudflareEndpoint: "203.0.113.10",
        interfaceAddress: "10.252.2.90/31",
        routedPrefixes: ["10.0.0.0/8"],
      }),
    });
  });

  it("creates nothing but the key", () => {
    expect(run.registrations.map(({ resource }) => resource)).toEqual(["IpsecTunnelPsk branch-1"]);
  });
});
