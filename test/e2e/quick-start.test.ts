import { type Simulator, startSimulator } from "../../src/simulator";
import { closeWithoutLeaks, type ProjectStack, startProject } from "../support/engine";

let simulator: Simulator;
let tunnelId: string;
let stack: ProjectStack;

beforeEach(async () => {
  simulator = await startSimulator();
  tunnelId = simulator.addTunnel({ name: "branch-1" });
  stack = await startProject(
    {
      "Pulumi.yaml": "Pulumi.yaml",
      "package.json": "package.json",
      "examples/quick-start": "examples/quick-start",
    },
    {
      config: {
        accountId: simulator.accountId,
        ipsecTunnelId: tunnelId,
        cloudflareEndpoint: "203.0.113.10",
        "cloudflare:apiToken": { value: simulator.apiToken, secret: true },
        "cloudflare:baseUrl": simulator.url,
      },
    },
  );
});

afterEach(async () => {
  await closeWithoutLeaks(stack, simulator.issuedKeys());
  await simulator.close();
});

describe("the root Pulumi.yaml and examples/quick-start, run by the CLI and a language host", () => {
  it("previews with validation, and generates once with `pulumi up`", async () => {
    const preview = await stack.preview();
    const operations = simulator.requests().map(({ operation }) => operation);
    const up = await stack.up();

    expect(preview.text).toContain("Cloudflare would accept this (validate_only: nothing was persisted).");
    expect(operations).toEqual(["list", "validate", "list"]);
    expect(up.text).toMatch(/psk +: \[secret\]/);
    expect(up.outputs.psk).toEqual({ value: simulator.keyAtEdge(tunnelId), secret: true });
    expect(simulator.requests().filter(({ operation }) => operation === "generate")).toHaveLength(1);
  });

  it("reads the tunnel in every run because of `refresh: always`, and finds nothing to do", async () => {
    await stack.up();
    simulator.clearRequests();

    const again = await stack.up();

    expect(again.steps).toEqual({ same: 2 });
    expect(new Set(simulator.requests().map(({ operation }) => operation))).toEqual(new Set(["list"]));
  });

  it("fails the preview under the resource's name if Cloudflare refuses", async () => {
    await stack.configure({ ipsecTunnelId: "0".repeat(32) });

    const refused = await stack.preview();

    expect(refused.succeeded).toBe(false);
    expect(refused.text).toMatch(/IpsecTunnelPsk \(branch-1\):\s+error: Preview failed: before hook/);
    expect(refused.text).toContain("ERR_TUNNEL_NOT_FOUND");
  });

  it("fails the preview for a mistake in the router's description, before there is a key to render", async () => {
    await stack.configure({ cloudflareEndpoint: "fake" });

    const refused = await stack.preview();

    expect(refused.succeeded).toBe(false);
    expect(refused.text).toMatch(
      /Cannot render a strongSwan configuration: 1 problem in its arguments \(ERR_INVALID_GATEWAY\)$/m,
    );
    expect(refused.text).toMatch(/^ *- cloudflareEndpoint must be a unicast IPv4 address$/m);
    expect(simulator.requests().filter(({ operation }) => operation === "generate")).toEqual([]);
  });
});
