import { type Edge, startEdge } from "./edge";
import { type Gateway, startGateway } from "./gateway";
import type { Build } from "./build";
import { connect, UPLINK } from "./network";

/** The addresses of a site, as a gateway's configuration has them. */
export const SITE = {
  cloudflareEndpoint: "203.0.113.10",
  customerEndpoint: "203.0.113.20",
  uplinkInterface: UPLINK,
  interfaceAddress: "10.252.2.90/31",
} as const;

/** One gateway and the edge, with a wire between them. */
export interface Site {
  readonly edge: Edge;
  readonly gateway: Gateway;
  close(): Promise<void>;
}

export async function startSite(build?: Build): Promise<Site> {
  const own = build ? { build } : {};
  const edge = await startEdge({ addresses: [SITE.cloudflareEndpoint], inside: ["10.252.2.90"], ...own });
  let gateway: Gateway | undefined;
  const close = async () => {
    await Promise.all([edge.close(), gateway?.close()]);
  };
  try {
    gateway = await startGateway({ address: SITE.customerEndpoint, inside: "10.252.2.91", ...own });
    await connect(edge, [gateway]);
    return { edge, gateway, close };
  } catch (error) {
    await close();
    throw error;
  }
}
