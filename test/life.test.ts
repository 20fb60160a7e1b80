import { join } from "node:path";
import { type Simulator, startSimulator } from "../src/simulator";
import { ensurePulumiCli } from "../tools/pulumi-cli";
import { type Outcome, type ProjectStack, startProject } from "./support/engine";
import { createUserProject, type UserProject } from "./support/user-project";

/** One command, and what Cloudflare saw of it. */
interface Step extends Outcome {
  readonly sent: readonly string[];
  /** The active key after it. */
  readonly active: string | undefined;
}

const RESOURCE = "pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk";

let user: UserProject;
let simulator: Simulator;
let stack: ProjectStack;
let tunnelId: string;

let preview: Step;
let created: Step;
let again: Step;
let planned: Step;
let rotated: Step;
let refused: Step;
let refreshed: Step;
let destroyed: Step;
let leaks: ReturnType<ProjectStack["leaks"]>;

async function step(command: () => Promise<Outcome>): Promise<Step> {
  simulator.clearRequests();
  const outcome = await command();
  const sent = simulator.requests().map(({ operation }) => operation);
  return { ...outcome, sent, active: simulator.keyAtEdge(tunnelId) };
}

// Builds the CLI the first time, while other tests run. If that fails, only this test does.
beforeAll(() => ensurePulumiCli({ onProgress: (line) => process.stderr.write(`${line}\n`) }), 40 * 60_000);

// The quick start, with the package as npm packs it, run by the CLI as users run it.
beforeAll(async () => {
  user = await createUserProject();
  await user.installPacked();
  simulator = await startSimulator();
  tunnelId = simulator.addTunnel({ name: "branch-1" });
  stack = await startProject(
    { "Pulumi.yaml": "Pulumi.yaml", "examples/quick-start": "examples/quick-start" },
    {
      nodeModules: join(user.folder, "node_modules"),
      // The types have tests of their own.
      env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
      config: {
        accountId: simulator.accountId,
        ipsecTunnelId: tunnelId,
        cloudflareEndpoint: "203.0.113.10",
        "cloudflare:apiToken": { value: simulator.apiToken, secret: true },
        "cloudflare:baseUrl": simulator.url,
      },
    },
  );

  preview = await step(() => stack.preview());
  created = await step(() => stack.up());
  again = await step(() => stack.up());
  await stack.edit("examples/quick-start/index.ts", (program) => program.replace(/quarter: ".*?"/, 'quarter: "next"'));
  planned = await step(() => stack.preview());
  rotated = await step(() => stack.up());
  await stack.configure({ ipsecTunnelId: "0".repeat(32) });
  refused = await step(() => stack.preview());
  await stack.configure({ ipsecTunnelId: tunnelId });
  refreshed = await step(() => stack.refresh());
  leaks = stack.leaks(simulator.issuedKeys());
  destroyed = await step(() => stack.destroy());
}, 300_000);

afterAll(async () => {
  await stack.close();
  await simulator.close();
  await user.remove();
});

describe("the life of a key, with the packed package on the real engine", () => {
  it("preview validates the generation, and changes nothing", () => {
    expect(preview.succeeded).toBe(true);
    expect(preview.text).toContain("Cloudflare would accept this (validate_only: nothing was persisted).");
    expect(preview.sent).toEqual(["list", "validate", "list"]);
    expect(preview.active).toBeUndefined();
  });

  it("up generates the key once, and keeps it as a secret", () => {
    expect(created.steps).toEqual({ create: 2 });
    expect(created.sent.filter((operation) => operation === "generate")).toHaveLength(1);
    expect(created.outputs.psk).toEqual({ value: created.active, secret: true });
    expect(created.outputs.swanctl?.secret).toBe(true);
  });

  it("up without a change keeps the key", () => {
    expect(again.steps).toEqual({ same: 2 });
    expect(again.sent).not.toContain("generate");
    expect(again.outputs.psk?.value).toBe(created.active);
  });

  it("preview after a changed trigger says why a new key will be generated", () => {
    expect(planned.text).toContain(
      'A new key will be generated, active immediately: rotationTriggers.quarter changed from "2026-Q4" to "next".',
    );
    expect(planned.active).toBe(created.active);
  });

  it("up after a changed trigger rotates the key in place", () => {
    expect(rotated.steps).toEqual({ same: 1, update: 1 });
    expect(rotated.active).not.toBe(created.active);
    expect(rotated.outputs.psk?.value).toBe(rotated.active);
  });

  it("preview fails under the resource if Cloudflare refuses", () => {
    expect(refused.succeeded).toBe(false);
    expect(refused.text).toMatch(new RegExp(`${RESOURCE} \\(branch-1\\):\\s+error: Preview failed`));
    expect(refused.text).toContain("ERR_TUNNEL_NOT_FOUND");
  });

  it("refresh finds the key active", () => {
    expect(refreshed.steps).toEqual({ same: 2 });
    expect(refreshed.sent).toEqual(["list"]);
  });

  it("destroy removes the resource, and leaves the key active", () => {
    expect(destroyed.steps).toEqual({ delete: 2 });
    expect(destroyed.active).toBe(rotated.active);
  });

  it("leaves no key and no token in anything that the engine printed, reported or stored", () => {
    expect(simulator.issuedKeys().length).toBeGreaterThanOrEqual(2);
    expect(leaks).toEqual([]);
  });
});
