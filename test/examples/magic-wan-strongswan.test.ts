import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderGatewayConfig } from "../../src/gateways";
import { type Simulator, startSimulator } from "../../src/simulator";
import { CLOUDFLARE_PLUGIN } from "../support/cloudflare-plugin";
import { type Outcome, type ProjectStack, startExample } from "../support/engine";
import { createFakeRouter, type FakeRouter } from "../support/fake-router";
import { findLeaks } from "../support/leaks";
import { CONFIGURATION } from "./configuration";
import { CREATED_ON, find, GENERATED_ON, keyOf, type Run, runExample, TUNNEL_ID } from "./run-example";

const EXAMPLE = "magic-wan-strongswan";

const swanctlConf = (psk: string, tunnelId: string) =>
  renderGatewayConfig("strongswan", {
    name: "branch-1",
    psk,
    fqdnId: `${tunnelId}.33145236.ipsec.cloudflare.com`,
    cloudflareEndpoint: "203.0.113.10",
    interfaceAddress: "10.252.2.90/31",
  });

describe("examples/magic-wan-strongswan under mocks", () => {
  let run: Run;

  beforeAll(async () => {
    run = await runExample(EXAMPLE);
  });

  it("creates a tunnel without a `psk`, which each update would restore", () => {
    expect(find(run, "MagicWanIpsecTunnel branch-1").inputs).not.toHaveProperty("psk");
  });

  it("generates a key for that tunnel", () => {
    expect(find(run, "IpsecTunnelPsk branch-1")).toMatchObject({
      inputs: { ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: CREATED_ON },
      dependsOn: ["MagicWanIpsecTunnel branch-1"],
    });
  });

  it("passes the host the whole configuration on standard input, as a secret, and logs nothing", () => {
    const { inputs, shown } = find(run, "Command load-branch-1");

    expect(inputs.stdin).toBe(swanctlConf(keyOf("branch-1"), TUNNEL_ID));
    expect(shown).toMatchObject({ stdin: "[secret]", connection: "[secret]", logging: "none" });
  });

  it("checks the host's key", () => {
    const { host, hostKey, sshKey } = CONFIGURATION;

    expect(find(run, "Command load-branch-1").inputs.connection).toMatchObject({ host, hostKey, privateKey: sshKey });
  });

  it("loads each new key after the script is copied, and its trigger is a timestamp, not the key", () => {
    expect(find(run, "Command load-branch-1")).toMatchObject({
      dependsOn: expect.arrayContaining(["CopyToRemote script-branch-1", "IpsecTunnelPsk branch-1"]) as unknown,
      shown: { triggers: [GENERATED_ON] },
    });
  });
});

// With stand-ins for the plugins of @pulumi/cloudflare and @pulumi/command, which package registries do not have.
describe("examples/magic-wan-strongswan on the real engine, against the simulator", () => {
  let simulator: Simulator;
  let host: FakeRouter;
  let stack: ProjectStack;

  let created: Outcome;

  beforeAll(async () => {
    simulator = await startSimulator();
    host = createFakeRouter();
    const { cloudflareEndpoint = "", hostKey = "", sshKey = "" } = CONFIGURATION;
    stack = await startExample(EXAMPLE, {
      config: {
        accountId: simulator.accountId,
        cloudflareEndpoint,
        quarter: "2026-Q3",
        host: "branch",
        hostKey,
        sshKey: { value: sshKey, secret: true },
      },
      hosts: { branch: host.env },
      plugins: [CLOUDFLARE_PLUGIN],
      env: {
        CLOUDFLARE_BASE_URL: simulator.url,
        CLOUDFLARE_API_TOKEN: simulator.apiToken,
        // The types have a check of their own.
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      },
    });
    created = await stack.up();
  });

  afterAll(async () => {
    host.remove();
    await simulator.close();
    await stack.close();
  });

  const generations = () => simulator.requests().filter(({ operation }) => operation === "generate");
  const tunnelId = () => generations()[0]?.tunnelId ?? "";
  const keyAtEdge = () => simulator.keyAtEdge(tunnelId()) ?? "";
  const configurationOnHost = () => readFileSync(join(host.folder, "conf.d/branch-1.conf"), "utf8");

  it("creates the tunnel, generates its key, and makes the host authenticate with it", () => {
    expect(created.succeeded).toBe(true);
    expect(generations()).toHaveLength(1);
    expect(configurationOnHost()).toBe(swanctlConf(keyAtEdge(), tunnelId()));
    expect(host.calls()).toContain("--initiate --ike branch-1 --child branch-1");
  });

  it("loads a new key without touching the tunnel", async () => {
    const before = keyAtEdge();
    await stack.configure({ quarter: "2026-Q4" });

    const rotated = await stack.up();

    expect(rotated.order.filter((step) => step.startsWith("start"))).toEqual(["start branch-1", "start load-branch-1"]);
    expect(simulator.requests().map(({ operation }) => operation)).not.toContain("update");
    expect(keyAtEdge()).not.toBe(before);
    expect(configurationOnHost()).toBe(swanctlConf(keyAtEdge(), tunnelId()));
  });

  it("leaves no key in what is printed and stored, nor in an argument on the host", () => {
    const secrets = [...simulator.issuedKeys(), CONFIGURATION.sshKey ?? ""];

    expect(stack.leaks(secrets)).toEqual([]);
    expect(findLeaks(new Map([["arguments on the host", host.calls()]]), secrets)).toEqual([]);
  });
});
