import * as pulumi from "@pulumi/pulumi";
import { claimTunnel } from "../../src/program/claims";
import { createHookFunction } from "../../src/program/hook-context";
import type { TunnelNaming } from "../../src/program/tunnel-argument";
import { type Simulator, startSimulator } from "../../src/simulator";
import { settled } from "../support/output";

const URN = "urn:pulumi:stack::project::pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk::key";

describe("createHookFunction()", () => {
  let simulator: Simulator;
  let said: jest.SpyInstance[];

  beforeEach(async () => {
    said = [jest.spyOn(pulumi.log, "info").mockResolvedValue(), jest.spyOn(pulumi.log, "warn").mockResolvedValue()];
    simulator = await startSimulator();
    await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "p", "s", true);
  });

  afterEach(async () => {
    for (const spy of said) spy.mockRestore();
    await simulator.close();
  });

  /** Claims tunnels as the resources of a program do, runs the hook of the last one, and returns how that ends. */
  async function hookOfLast(...namings: readonly (readonly [name: string, naming: TunnelNaming])[]): Promise<unknown> {
    const hook = createHookFunction({
      "cloudflare:apiToken": simulator.apiToken,
      "cloudflare:baseUrl": simulator.url,
    });
    let end: unknown;
    await pulumi.runtime.runInPulumiStack(async () => {
      for (const [name, naming] of namings) await settled(claimTunnel(name, naming));
      const newInputs = namings.at(-1)?.[1];
      end = await Promise.resolve(hook({ urn: URN, newInputs } as unknown as pulumi.ResourceHookArgs)).then(
        () => "passed",
        (error: unknown) => error,
      );
      return {};
    });
    return end;
  }

  it("refuses a tunnel's name that turns out to be an ID of another resource, which it names", async () => {
    const { accountId } = simulator;
    const ipsecTunnelId = simulator.addTunnel({ name: "branch-1" });

    const end = await hookOfLast(
      ["first", { accountId, ipsecTunnelId }],
      ["second", { accountId, ipsecTunnelName: "branch-1" }],
    );

    expect(end).toMatchObject({
      code: "ERR_INVALID_INPUT",
      details: {
        summary: `Cannot manage the key of IPsec tunnel ${ipsecTunnelId}, which is "branch-1": it already belongs to IpsecTunnelPsk "first"`,
      },
    });
    expect(simulator.requests().map(({ operation }) => operation)).toEqual(["list"]);
  });

  it("passes a tunnel's name that no other resource has", async () => {
    const { accountId } = simulator;
    const other = simulator.addTunnel({ name: "paris" });
    simulator.addTunnel({ name: "branch-1" });

    const end = await hookOfLast(
      ["first", { accountId, ipsecTunnelId: other }],
      ["second", { accountId, ipsecTunnelName: "branch-1" }],
    );

    expect(end).toBe("passed");
    expect(simulator.requests().map(({ operation }) => operation)).toContain("validate");
  });
});
