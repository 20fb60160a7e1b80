import { CONFIGURATION } from "./configuration";
import { CREATED_ON, find, keyOf, type Run, runExample } from "./run-example";

const awsAddress = "198.51.100.40";

let first: Run;
let second: Run;

beforeAll(async () => {
  first = await runExample("aws-site-to-site");
  second = await runExample("aws-site-to-site", { config: { awsAddress } });
});

describe("examples/aws-site-to-site, first run", () => {
  it("creates the tunnel, its key and the connection, without AWS's address", () => {
    expect(find(first, "MagicWanIpsecTunnel aws-1").inputs).not.toHaveProperty("customerEndpoint");
    expect(find(first, "IpsecTunnelPsk aws-1")).toMatchObject({
      inputs: { ipsecTunnelName: "aws-1", ipsecTunnelCreatedOn: CREATED_ON },
      dependsOn: ["MagicWanIpsecTunnel aws-1"],
    });
    expect(find(first, "VpnConnection cloudflare").dependsOn).toContain("IpsecTunnelPsk aws-1");
  });

  it("exports AWS's address", () => {
    expect(first.outputs.awsTunnelAddress).toEqual({ value: awsAddress, known: true, secret: false });
  });

  it("passes AWS a compatible key, as a secret", () => {
    const { inputs, shown } = find(first, "VpnConnection cloudflare");

    expect(find(first, "IpsecTunnelPsk aws-1").inputs.compatibleWith).toEqual(["aws"]);
    expect(inputs.tunnel1PresharedKey).toBe(keyOf("aws-1"));
    expect(shown.tunnel1PresharedKey).toBe("[secret]");
  });

  it("makes AWS initiate to Cloudflare's address, with proposals that Cloudflare accepts", () => {
    expect(find(first, "CustomerGateway cloudflare").inputs.ipAddress).toBe(CONFIGURATION.cloudflareEndpoint);
    expect(find(first, "VpnConnection cloudflare").inputs).toMatchObject({
      customerGatewayId: "id of cloudflare",
      tunnel1StartupAction: "start",
      tunnel1DpdTimeoutAction: "restart",
      tunnel1IkeVersions: ["ikev2"],
      tunnel1Phase1DhGroupNumbers: [20],
      tunnel1Phase2DhGroupNumbers: [20],
    });
  });

  it("turns on replay protection, which AWS requires, and uses the second address of AWS's /30", () => {
    const { inputs } = find(first, "MagicWanIpsecTunnel aws-1");

    expect(inputs).toMatchObject({ replayProtection: true, interfaceAddress: "169.254.244.2/30" });
    expect(find(first, "VpnConnection cloudflare").inputs.tunnel1InsideCidr).toBe("169.254.244.0/30");
  });
});

describe("examples/aws-site-to-site, second run", () => {
  it("sets AWS's address on the tunnel, and changes nothing else: the key stays", () => {
    const withAddress = first.registrations.map((registered) =>
      registered.resource === "MagicWanIpsecTunnel aws-1"
        ? { ...registered, inputs: { ...registered.inputs, customerEndpoint: awsAddress } }
        : registered,
    );

    expect(inputsOf(second.registrations)).toEqual(inputsOf(withAddress));
  });
});

function inputsOf(registrations: Run["registrations"]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(registrations.map(({ resource, inputs }) => [resource, inputs]));
}
