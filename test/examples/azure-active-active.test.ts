import { CONFIGURATION } from "./configuration";
import { find, keyOf, type Run, runExample } from "./run-example";

let run: Run;

beforeAll(async () => {
  run = await runExample("azure-active-active");
});

describe("examples/azure-active-active", () => {
  it.each(["azure-1", "azure-2"])("sets the one key on the tunnel, as a secret: %s", (name) => {
    const { inputs, shown, dependsOn } = find(run, `IpsecTunnelPsk ${name}`);

    expect(inputs).toMatchObject({ ipsecTunnelName: name, psk: keyOf("azure"), compatibleWith: ["azure"] });
    expect(shown.psk).toBe("[secret]");
    expect(dependsOn).toContain(`MagicWanIpsecTunnel ${name}`);
  });

  it("passes Azure the same key after both tunnels have it, as a secret", () => {
    const { inputs, shown, dependsOn } = find(run, "VirtualNetworkGatewayConnection cloudflare");

    expect(inputs.sharedKey).toBe(keyOf("azure"));
    expect(shown.sharedKey).toBe("[secret]");
    expect(dependsOn).toEqual(expect.arrayContaining(["IpsecTunnelPsk azure-1", "IpsecTunnelPsk azure-2"]) as unknown);
  });

  it("generates a password that Azure accepts, and that stays the same until the quarter changes", () => {
    expect(find(run, "RandomPassword azure").inputs).toEqual({
      length: 48,
      special: false,
      keepers: { quarter: CONFIGURATION.quarter },
    });
  });

  it("ends both tunnels at one address of Cloudflare, with one address of the gateway each", () => {
    const tunnels = ["azure-1", "azure-2"].map((name) => find(run, `MagicWanIpsecTunnel ${name}`).inputs);

    expect(tunnels.map(({ customerEndpoint }) => customerEndpoint)).toEqual(["198.51.100.20", "198.51.100.21"]);
    expect(new Set(tunnels.map(({ cloudflareEndpoint }) => cloudflareEndpoint))).toEqual(
      new Set([CONFIGURATION.cloudflareEndpoint]),
    );
    expect(find(run, "LocalNetworkGateway cloudflare").inputs.addressSpaces).toEqual([
      "10.1.0.0/16",
      ...tunnels.map(({ interfaceAddress }) => String(interfaceAddress).replace("/31", "/32")),
    ]);
  });
});
