/** The configuration of all examples together. A new example that needs more says so: "Missing required …". */
export const CONFIGURATION: Readonly<Record<string, string>> = {
  accountId: "a".repeat(32),
  ipsecTunnelId: "b".repeat(32),
  cloudflareEndpoint: "203.0.113.10",
  quarter: "2026-Q4",

  host: "192.0.2.20",
  hostKey: "fake-host-key",
  sshKey: "fake-ssh-key-for-tests-only",

  transitGatewayId: "tgw-for-tests-only",

  gatewayAddress: "198.51.100.20",
  resourceGroupName: "network",
  location: "westeurope",
  virtualNetworkGatewayId: "gateway-for-tests-only",
  remoteNetworks: JSON.stringify(["10.1.0.0/16"]),

  first: tunnelOfPair("c", "203.0.113.10"),
  second: tunnelOfPair("d", "203.0.113.11"),
};

function tunnelOfPair(digit: string, cloudflareEndpoint: string): string {
  const router = { host: "192.0.2.20", hostKey: "fake-host-key" };
  return JSON.stringify({ id: digit.repeat(32), cloudflareEndpoint, router });
}
