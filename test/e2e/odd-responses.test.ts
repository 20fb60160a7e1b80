import type { PulumiFn } from "@pulumi/pulumi/automation";
import { IpsecTunnelPsk } from "../../src";
import type { Fault } from "../../src/simulator";
import { startEngine, type TestEngine } from "../support/engine";

let engine: TestEngine;
let tunnelId: string;

beforeEach(async () => {
  engine = await startEngine();
  tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
});

afterEach(async () => {
  const leaks = engine.leaks();
  await engine.close();
  expect(leaks).toEqual([]);
});

const key: PulumiFn = () => {
  const { accountId } = engine.simulator;
  const { psk, status } = new IpsecTunnelPsk("key-001", { accountId, ipsecTunnelId: tunnelId });
  return Promise.resolve({ psk, status });
};

const operations = () => engine.simulator.requests().map(({ operation }) => operation);

function listWith(ipsec_tunnels: unknown): Fault {
  return { kind: "answer", status: 200, body: { success: true, errors: [], messages: [], result: { ipsec_tunnels } } };
}

describe("a list of tunnels that does not tell", () => {
  it.each<[string, unknown]>([
    ["is null", null],
    ["has one odd entry, and lacks the tunnel", [{ id: 7, psk_metadata: "odd" }]],
  ])("lets `pulumi refresh` ask for the tunnel itself: it %s", async (_what, entries) => {
    await engine.up(key);
    engine.simulator.clearRequests();
    engine.simulator.fault(listWith(entries), { operations: ["list"] });

    const refresh = await engine.refresh();

    expect([refresh.succeeded, refresh.steps]).toEqual([true, { same: 2 }]);
    expect(operations()).toEqual(["list", "get"]);
  });
});
