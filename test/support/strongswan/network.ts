import type { Edge } from "./edge";
import type { Gateway } from "./gateway";

/** The gateway's interface toward the edge. */
export const UPLINK = "uplink";

/** Puts a wire between the edge and each gateway. Without a tunnel, they reach only each other's outer addresses. */
export async function connect(edge: Edge, gateways: readonly Gateway[]): Promise<void> {
  for (const gateway of gateways) {
    const wire = `gw${gateway.pid}`;
    const netns = String(gateway.pid);
    await edge.run("ip", "link", "add", wire, "type", "veth", "peer", "name", UPLINK, "netns", netns);
    await edge.run("ip", "link", "set", wire, "up");
    await edge.run("ip", "route", "add", `${gateway.address}/32`, "dev", wire);
    await gateway.run("ip", "addr", "add", `${gateway.address}/32`, "dev", UPLINK);
    await gateway.run("ip", "link", "set", UPLINK, "up");
    for (const address of edge.addresses) await gateway.run("ip", "route", "add", `${address}/32`, "dev", UPLINK);
  }
}
