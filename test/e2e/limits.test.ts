import type { PulumiFn } from "@pulumi/pulumi/automation";
import { IpsecTunnelPsk, Provider } from "../../src";
import { closeWithoutLeaks, type EngineOptions, type Outcome, startEngine, type TestEngine } from "../support/engine";

let engine: TestEngine;
let tunnelIds: readonly string[];

async function start(tunnels: number, options: EngineOptions = {}): Promise<void> {
  engine = await startEngine(options);
  tunnelIds = Array.from({ length: tunnels }, (_, index) => engine.simulator.addTunnel({ name: `branch-${index}` }));
}

afterEach(() => closeWithoutLeaks(engine));

function countOf(...operations: readonly string[]): number {
  return engine.simulator.requests().filter(({ operation }) => operations.includes(operation)).length;
}

jest.setTimeout(900_000);

describe("Cloudflare's request limit", () => {
  it("is kept by three provider processes and the preview's hooks with one token: no response is 429, and waits are announced", async () => {
    await start(60, { simulator: { limit: { requests: 60, windowMs: 3_000, blockMs: 3_000 } } });
    const { simulator } = engine;
    // A preview sends this many validations, and 3 lists for each provider, and waits for nothing.
    const program: PulumiFn = () => {
      const own = ["emea", "apac"].map(
        (name) => new Provider(name, { apiToken: simulator.apiToken, baseUrl: simulator.url }),
      );
      tunnelIds.forEach((ipsecTunnelId, index) => {
        const provider = [...own, undefined][index % 3];
        const options = provider === undefined ? {} : { provider };
        new IpsecTunnelPsk(`key-${index}`, { accountId: simulator.accountId, ipsecTunnelId }, options);
      });
      return Promise.resolve();
    };

    const preview = await engine.preview(program);
    const up = await engine.up(program, { parallel: 16 });
    const refresh = await engine.refresh({ parallel: 16 });

    expect([preview.succeeded, up.succeeded, refresh.succeeded]).toEqual([true, true, true]);
    expect(simulator.requests().filter(({ status }) => status === 429)).toEqual([]);
    expect(simulator.requests().length).toBeGreaterThan(60);
    expect(up.text).toMatch(
      /IPsec tunnel [0-9a-f]{32}: Cloudflare's request limit is nearly reached \(\d+ left\); continuing in \d s/,
    );
    for (const [index, tunnelId] of tunnelIds.entries()) {
      expect([index, await engine.stored(`key-${index}`)]).toEqual([
        index,
        { psk: simulator.keyAtEdge(tunnelId), status: "active" },
      ]);
    }
  });

  it("is not reached by 500 keys: at most 1.2 requests for a creation, and 3 for the refresh of all", async () => {
    await start(500);
    const { simulator } = engine;
    const program: PulumiFn = () => {
      tunnelIds.forEach((ipsecTunnelId, index) => {
        new IpsecTunnelPsk(`key-${index}`, { accountId: simulator.accountId, ipsecTunnelId });
      });
      return Promise.resolve();
    };

    const up = await engine.up(program, { parallel: 8 });

    expect(up.succeeded).toBe(true);
    expect(countOf("generate")).toBe(500);
    expect(simulator.requests().length).toBeLessThanOrEqual(600);
    expect(up.text).not.toContain("request limit");

    simulator.clearRequests();
    const refresh = await engine.refresh({ parallel: 8 });

    expect(refresh.steps).toEqual({ same: 501 });
    expect(simulator.requests().length).toBeLessThanOrEqual(3);
  });

  it("counts one list more in each phase of 300 keys, whatever rotates meanwhile, and even if someone else rotated them all", async () => {
    await start(300);
    const { simulator } = engine;
    const rotating = (count: number): PulumiFn => {
      return () => {
        tunnelIds.forEach((ipsecTunnelId, index) => {
          const args = {
            accountId: simulator.accountId,
            ipsecTunnelId,
            rotationTriggers: { rotates: `${index < count}` },
          };
          new IpsecTunnelPsk(`key-${index}`, args);
        });
        return Promise.resolve();
      };
    };
    const listsOf = async (command: Promise<Outcome>) => {
      simulator.clearRequests();
      await command;
      return countOf("list");
    };
    await engine.up(rotating(0), { parallel: 8 });

    // The validations of a preview take up to 3.
    expect(await listsOf(engine.preview(rotating(30)))).toBeLessThanOrEqual(3 + 1);
    // One by one, so that each verification reads its tunnel, and not a list that it shares.
    expect(await listsOf(engine.up(rotating(30), { parallel: 1 }))).toBe(1);
    expect(countOf("generate")).toBe(30);

    tunnelIds.forEach((tunnelId) => simulator.rotate(tunnelId));

    expect(await listsOf(engine.preview(rotating(30)))).toBeLessThanOrEqual(3 + 1);
    const { steps } = await engine.up(rotating(30), { parallel: 8 });
    expect(steps).toEqual({ same: 1, update: 300 });
  });
});
