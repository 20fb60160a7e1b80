import { join } from "node:path";
import { createCloudflareApi } from "../../../src/simulator";
import { findRoute } from "../../../src/simulator/route";
import { serve } from "../../../src/simulator/serve";
import { type ProjectStack, startExample } from "../../support/engine";
import { connect, type Edge, environmentOf, type Gateway, startEdge, startGateway } from "../../support/strongswan";
import { ENDPOINTS, NAMES, pairConfig, quarter, ROUTERS } from "./pair-config";

/** Two routers, each with a tunnel to the edge, and the stack that deployed their keys. All daemons are real. */
export interface RealSite {
  readonly edge: Edge;
  readonly routers: readonly Router[];
  readonly stack: ProjectStack;
  /** The tunnels whose keys were generated since the site came up, in order. */
  readonly generated: string[];
  /** Called after Cloudflare has done something, before its response is sent. Default: does nothing. */
  beforeAnswer: (operation: string, router: Router | undefined) => Promise<void>;
  /** Every key that was generated. */
  issuedKeys(): readonly string[];
  close(): Promise<void>;
}

export interface Router extends Gateway {
  /** Its connection. */
  readonly name: string;
  /** Where strongSwan looks for its files. */
  readonly etc: string;
}

/** Resolves when both tunnels are up. `edit` changes the example's program first. */
export async function startRealSite(edit?: (program: string) => string): Promise<RealSite> {
  const open: { close(): Promise<void> }[] = [];
  const opened = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    open.unshift(part);
    return part;
  };
  const close = async () => {
    for (const part of open.splice(0)) await part.close();
  };

  try {
    const api = createCloudflareApi();
    const tunnelIds = NAMES.map((name) => api.addTunnel({ name }));
    const edge = opened(await startEdge({ addresses: ENDPOINTS, inside: ["10.99.0.1"] }));
    const routers: Router[] = [];
    for (const [index, name] of NAMES.entries()) {
      const gateway = await startGateway({ address: `203.0.113.${index + 20}`, inside: `10.99.${index + 1}.1` });
      routers.push({ ...opened(gateway), name, etc: join(gateway.folder, "etc") });
      const identity = { type: "fqdn", value: `${tunnelIds[index] ?? ""}.33145236.ipsec.cloudflare.com` } as const;
      const networks = [`${gateway.inside}/32`];
      await edge.serve({ name, address: ENDPOINTS[index] ?? "", identity, networks, key: "none-yet" });
    }
    await connect(edge, routers);

    const listener = opened(
      await serve(0, async (request) => {
        const response = api.handle(request);
        const { operation, tunnelId = "" } = findRoute(request.method, request.path);
        const router = routers[tunnelIds.indexOf(tunnelId)];
        if (operation === "generate" && router !== undefined) {
          // As at Cloudflare, the key is active at the edge before the response is sent.
          await edge.setKey(router.name, api.keyAtEdge(tunnelId) ?? "");
          site.generated.push(router.name);
        }
        await site.beforeAnswer(operation, router);
        return { response, ending: "whole", onSent: () => undefined };
      }),
    );
    const url = `http://127.0.0.1:${listener.port}/client/v4`;
    const config = { ...pairConfig({ ...api, url }, tunnelIds), ...quarter("2026-Q3") };
    const hosts = Object.fromEntries(
      routers.map((router, index) => [ROUTERS[index] ?? "", environmentOf(router, router.etc)]),
    );
    const stack = opened(await startExample("two-tunnels", { config, hosts }));
    if (edit !== undefined) await stack.edit("index.ts", edit);

    const beforeAnswer = () => Promise.resolve();
    const issuedKeys = () => api.issuedKeys();
    const site: RealSite = { edge, routers, stack, generated: [], beforeAnswer, issuedKeys, close };
    const created = await stack.up();
    if (!created.succeeded) throw new Error(`The site did not come up: ${created.text}`);
    site.generated.length = 0;
    return site;
  } catch (error) {
    await close();
    throw error;
  }
}
