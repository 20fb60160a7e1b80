import { CONFIGURATION } from "./configuration";
import { CREATED_ON, find, keyOf, type Run, runExample } from "./run-example";

let run: Run;

beforeAll(async () => {
  run = await runExample("azure-vpn-gateway");
});

describe("examples/azure-vpn-gateway", () => {
  it("passes Azure a compatible key of the tunnel, as a secret", () => {
    const { inputs, shown } = find(run, "VirtualNetworkGatewayConnection cloudflare");

    expect(find(run, "IpsecTunnelPsk azure-1").inputs).toMatchObject({
      ipsecTunnelName: "azure-1",
      ipsecTunnelCreatedOn: CREATED_ON,
      compatibleWith: ["azure"],
    });
    expect(inputs.sharedKey).toBe(keyOf("azure-1"));
    expect(shown.sharedKey).toBe("[secret]");
  });

  it("sets the gateway's address on the tunnel, because it is Azure's only identity", () => {
    expect(find(run, "MagicWanIpsecTunnel azure-1").inputs).toMatchObject({
      customerEndpoint: CONFIGURATION.gatewayAddress,
      replayProtection: true,
    });
  });

  it("makes Azure initiate to Cloudflare's address, with proposals that Cloudflare accepts", () => {
    expect(find(run, "LocalNetworkGateway cloudflare").inputs.gatewayAddress).toBe(CONFIGURATION.cloudflareEndpoint);
    expect(find(run, "VirtualNetworkGatewayConnection cloudflare").inputs).toMatchObject({
      localNetworkGatewayId: "id of cloudflare",
      type: "IPsec",
      connectionMode: "InitiatorOnly",
      ipsecPolicy: { ikeEncryption: "GCMAES256", dhGroup: "ECP384", pfsGroup: "ECP384" },
    });
  });

  it("routes the responses to Cloudflare's health checks through the tunnel", () => {
    const { addressSpaces } = find(run, "LocalNetworkGateway cloudflare").inputs;
    const { interfaceAddress } = find(run, "MagicWanIpsecTunnel azure-1").inputs;

    expect(addressSpaces).toEqual(["10.1.0.0/16", String(interfaceAddress).replace("/31", "/32")]);
  });
});
