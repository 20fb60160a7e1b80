import { CREATED_ON, find, keyOf, type Run, runExample } from "./run-example";

let run: Run;

beforeAll(async () => {
  run = await runExample("aws-brings-the-key");
});

describe("examples/aws-brings-the-key", () => {
  it("lets AWS generate the key, and sets it on Cloudflare's tunnel, as a secret", () => {
    const { inputs, shown } = find(run, "IpsecTunnelPsk aws-1");

    expect(find(run, "VpnConnection cloudflare").inputs).not.toHaveProperty("tunnel1PresharedKey");
    expect(inputs).toMatchObject({ ipsecTunnelName: "aws-1", ipsecTunnelCreatedOn: CREATED_ON, psk: keyOf("aws-1") });
    expect(shown.psk).toBe("[secret]");
  });

  it("creates the tunnel after the connection, with AWS's address: one run is enough", () => {
    const tunnel = find(run, "MagicWanIpsecTunnel aws-1");

    expect(tunnel.inputs).toMatchObject({ customerEndpoint: "198.51.100.40", replayProtection: true });
    expect(tunnel.inputs).not.toHaveProperty("psk");
    expect(tunnel.dependsOn).toEqual(["VpnConnection cloudflare"]);
  });

  it("exports whether the key is known to be active", () => {
    expect(run.outputs.keyStatus).toMatchObject({ value: "active" });
  });
});
