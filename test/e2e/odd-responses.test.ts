import { brotliCompressSync, deflateRawSync, gzipSync } from "node:zlib";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { IpsecTunnelPsk } from "../../src";
import { type Fault, faults } from "../../src/simulator";
import { closeWithoutLeaks, startEngine, type TestEngine } from "../support/engine";

let engine: TestEngine;
let tunnelId: string;

beforeEach(async () => {
  engine = await startEngine();
  tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
});

afterEach(() => closeWithoutLeaks(engine));

const key: PulumiFn = () => {
  const { accountId } = engine.simulator;
  const { psk, status } = new IpsecTunnelPsk("key-001", { accountId, ipsecTunnelId: tunnelId });
  return Promise.resolve({ psk, status });
};

const operations = () => engine.simulator.requests().map(({ operation }) => operation);

function listWith(ipsec_tunnels: unknown): Fault {
  return {
    kind: "response",
    status: 200,
    body: { success: true, errors: [], messages: [], result: { ipsec_tunnels } },
  };
}

describe("a list of tunnels that leaves the question open", () => {
  it.each<[string, unknown]>([
    ["is null", null],
    ["has one odd entry, and lacks the tunnel", [{ id: 7, psk_metadata: "odd" }]],
  ])("makes `pulumi refresh` read the tunnel itself: it %s", async (_what, entries) => {
    await engine.up(key);
    engine.simulator.clearRequests();
    engine.simulator.fault(listWith(entries), { operations: ["list"] });

    const refresh = await engine.refresh();

    expect([refresh.succeeded, refresh.steps]).toEqual([true, { same: 2 }]);
    expect(operations()).toEqual(["list", "get"]);
  });
});

describe("a response to `psk_generate` that a proxy has encoded", () => {
  it("is read, and no key is lost", async () => {
    const { simulator } = engine;
    const wrappings: readonly Omit<Extract<Fault, { kind: "wrapped" }>, "kind">[] = [
      { wrap: (json) => Buffer.concat([Buffer.from("\ufeff"), json]) },
      { contentEncoding: "Identity" },
      { contentEncoding: "" },
      { contentEncoding: "x-gzip", wrap: gzipSync },
      { contentEncoding: "gzip, identity", wrap: gzipSync },
      { contentEncoding: "deflate", wrap: deflateRawSync },
      { contentEncoding: ["gzip", "br"], wrap: (json) => brotliCompressSync(gzipSync(json)) },
      { contentEncoding: "gzip" },
    ];
    const tunnels = wrappings.map((wrapping) => {
      const id = simulator.addTunnel();
      simulator.fault({ kind: "wrapped", ...wrapping }, { operations: ["generate"], tunnelId: id });
      return id;
    });

    const { outputs } = await engine.up(() => {
      const { accountId } = simulator;
      const keys = tunnels.map((ipsecTunnelId) => {
        const { psk, status } = new IpsecTunnelPsk(ipsecTunnelId, { accountId, ipsecTunnelId });
        return [ipsecTunnelId, { psk, status }] as const;
      });
      return Promise.resolve(Object.fromEntries(keys));
    });

    const atEdge = tunnels.map((id) => [id, { psk: simulator.keyAtEdge(id), status: "active" }] as const);
    expect(Object.fromEntries(tunnels.map((id) => [id, outputs[id]?.value as unknown]))).toEqual(
      Object.fromEntries(atEdge),
    );
    expect(operations().filter((operation) => operation === "generate")).toHaveLength(tunnels.length);
  });
});

describe("a response that asks to wait for a day", () => {
  it.each<[string, Fault]>([
    ["Retry-After", faults.throttled({ retryAfterSeconds: 86_400 })],
    [
      "Ratelimit, with nothing left",
      { ...faults.throttledWithoutStatus(), headers: { ratelimit: '"default";r=0;t=86399' } } as Fault,
    ],
  ])("fails `pulumi up` with the time that was asked for: %s", async (_what, fault) => {
    engine.simulator.fault(fault, { operations: ["generate"] });

    const up = await engine.up(key);

    expect(up.succeeded).toBe(false);
    expect(up.text).toMatch(/(86400|8639\d) s \(until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\)/);
    expect(up.text).toContain("waits 330 s at most");
    expect(engine.simulator.keyAtEdge(tunnelId)).toBeUndefined();
  });
});
