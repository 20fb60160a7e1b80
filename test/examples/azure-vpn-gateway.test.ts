import { CONFIGURATION } from "./configuration";
import { find, keyOf, type Run, runExample, TUNNEL_ID } from "./run-example";

let run: Run;

beforeAll(async () => {
  run = await runExample("azure-vpn-gateway");
});

describe("examples/azure-vpn-gateway", () => {
  it("gives Azure a key that suits it, of the tunnel, as a secret", () => {
    const { inputs, shown } = find(run, "VirtualNetworkGatewayConnection cloudflare");

    expect(find(run, "IpsecTunnelPsk azure-1").inputs).toMatchObject({
      ipsecTunnelId: TUNNEL_ID,
      compatibleWith: ["azure"],
    });
    expect(inputs.sharedKey).toBe(keyOf("azure-1"));
    expect(shown.sharedKey).toBe("[secret]");
  });

  it("tells Cloudflare the gateway's address, by which alone it knows Azure", () => {
    expect(find(run, "MagicWanIpsecTunnel azure-1").inputs).toMatchObject({
      customerEndpoint: CONFIGURATION.gatewayAddress,
      replayProtection: true,
    });
  });

  it("has Azure initiate, to Cloudflare's address, with what Cloudflare accepts", () => {
    expect(find(run, "LocalNetworkGateway cloudflare").inputs.gatewayAddress).toBe(CONFIGURATION.cloudflareEndpoint);
    expect(find(run, "VirtualNetworkGatewayConnection cloudflare").inputs).toMatchObject({
      localNetworkGatewayId: "id of cloudflare",
      type: "IPsec",
      connectionMode: "InitiatorOnly",
      ipsecPolicy: { ikeEncryption: "GCMAES256", dhGroup: "ECP384", pfsGroup: "ECP384" },
    });
  });

  it("lets the answers to Cloudflare's health checks through the tunnel", () => {
    const { addressSpaces } = find(run, "LocalNetworkGateway cloudflare").inputs;
    const { interfaceAddress } = find(run, "MagicWanIpsecTunnel azure-1").inputs;

    expect(addressSpaces).toEqual(["10.1.0.0/16", String(interfaceAddress).replace("/31", "/32")]);
  });
});
