import type { Operation, TunnelRef } from "../../src/psk/tunnel-api";
import { relate } from "../../src/psk/timestamp";
import { openTunnels } from "../../src/provider/cloudflare-tunnels";
import { DEFAULTS } from "../../src/provider/settings";
import { faults, type Simulator, startSimulator } from "../../src/simulator";
import { configOf } from "../dynamic/config-of";

const NOBODY = "cccccccccccccccccccccccccccccccc";
const GENERATED_ON = "2026-03-01T12:00:00.123456Z";

let simulator: Simulator;
let lines: string[];
let waitedMs: number;
let lateSends: number;

const operation: Operation = {
  announce: (line) => lines.push(line),
  onCloudflareWait: (ms) => (waitedMs += ms),
  beforeLateSend: () => {
    lateSends += 1;
    return Promise.resolve();
  },
};

beforeEach(async () => {
  [lines, waitedMs, lateSends] = [[], 0, 0];
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

function edgeWith(changes?: Readonly<Record<string, string>>) {
  return openTunnels(configOf(simulator, changes), DEFAULTS);
}

const ref = (ipsecTunnelId: string): TunnelRef => ({ accountId: simulator.accountId, ipsecTunnelId });
const operations = () => simulator.requests().map(({ operation }) => operation);

describe("openTunnels()", () => {
  it("names the origin of a refused credential, and what a refresh sees of it", async () => {
    const edge = edgeWith({ "cloudflare:apiToken": "fake-token-that-cloudflare-does-not-know" });

    await expect(edge.read(ref(NOBODY), operation)).rejects.toThrow(
      "stack config cloudflare:apiToken (in a refresh, a destroy and an up that refreshes first: as the last up stored it; `pulumi up --refresh --run-program` takes the new one)",
    );
  });
});

describe("edge.read()", () => {
  it("shows when the key was generated", async () => {
    const tunnel = simulator.addTunnel({ lastGeneratedOn: GENERATED_ON });

    await expect(edgeWith().read(ref(tunnel), operation)).resolves.toEqual({
      kind: "tunnel",
      lastGeneratedOn: GENERATED_ON,
    });
    expect(operations()).toEqual(["get"]);
  });

  it("shows a tunnel without a key as a tunnel", async () => {
    await expect(edgeWith().read(ref(simulator.addTunnel()), operation)).resolves.toEqual({ kind: "tunnel" });
  });

  it("shows a tunnel as gone that Cloudflare does not have", async () => {
    await expect(edgeWith().read(ref(NOBODY), operation)).resolves.toEqual({ kind: "gone" });
  });
});

describe("the calls of one edge", () => {
  // The first answer says how many requests are left; until then nobody else goes.
  it("go through one limiter", async () => {
    const edge = edgeWith();
    const [first, second] = [simulator.addTunnel(), simulator.addTunnel()];
    simulator.fault({ kind: "delay", ms: 30, before: "answer" });

    await Promise.all([edge.read(ref(first), operation), edge.read(ref(second), operation)]);

    const [before = 0, after = 0] = simulator.requests().map(({ at }) => at);
    expect(after - before).toBeGreaterThanOrEqual(25);
  });
});

describe("edge.listed()", () => {
  it("takes one list for all tunnels, and a new one after a generation", async () => {
    const edge = edgeWith();
    const [first, second] = [simulator.addTunnel(), simulator.addTunnel()];

    await edge.listed(ref(first), operation);
    await edge.listed(ref(second), operation);
    expect(operations()).toEqual(["list"]);

    const { lastGeneratedOn } = await edge.generate(ref(first), operation);
    const sight = await edge.listed(ref(first), operation);
    expect(operations()).toEqual(["list", "generate", "list"]);
    expect(relate(sight.kind === "tunnel" ? sight.lastGeneratedOn : undefined, lastGeneratedOn)).toBe("same");
  });
});

describe("edge.readAfter()", () => {
  it("answers the first at once, and with one list those who wait together", async () => {
    const edge = edgeWith();
    const tunnels = [simulator.addTunnel({ lastGeneratedOn: GENERATED_ON }), NOBODY];

    await edge.readAfter(ref(NOBODY), operation);
    const sights = await Promise.all(tunnels.map((tunnel) => edge.readAfter(ref(tunnel), operation)));

    expect(sights).toEqual([{ kind: "tunnel", lastGeneratedOn: GENERATED_ON }, { kind: "gone" }]);
    // Only a read of the tunnel itself can say that it is gone.
    expect(operations()).toEqual(["get", "list", "get"]);
  });

  it("reads a tunnel itself whose entry in the list is broken", async () => {
    const edge = edgeWith();
    const [broken, good] = [GENERATED_ON, GENERATED_ON].map((lastGeneratedOn) =>
      simulator.addTunnel({ lastGeneratedOn }),
    ) as [string, string];
    await edge.readAfter(ref(good), operation);
    const entries = [
      { id: broken, psk_metadata: "odd" },
      { id: good, psk_metadata: { last_generated_on: GENERATED_ON } },
    ];
    simulator.fault(
      { kind: "answer", status: 200, body: { success: true, result: { ipsec_tunnels: entries } } },
      { operations: ["list"] },
    );

    const sights = await Promise.all([broken, good].map((tunnel) => edge.readAfter(ref(tunnel), operation)));

    expect(sights).toEqual(Array(2).fill({ kind: "tunnel", lastGeneratedOn: GENERATED_ON }));
    expect(operations()).toEqual(["get", "list", "get"]);
  });
});

describe("edge.generate()", () => {
  it("returns the key at the edge, and what belongs to it", async () => {
    const tunnel = simulator.addTunnel();

    const key = await edgeWith().generate(ref(tunnel), operation);

    expect(key).toEqual({
      psk: simulator.keyAtEdge(tunnel),
      lastGeneratedOn: simulator.generatedOn(tunnel),
      ipsecId: `33145236_${tunnel}`,
    });
    expect([waitedMs, lateSends]).toEqual([0, 0]);
  });

  it("asks before a repeat whether it may be sent", async () => {
    simulator.fault(faults.throttled({ retryAfterSeconds: 0 }), { operations: ["generate"] });
    const random = jest.spyOn(Math, "random").mockReturnValue(0);

    await edgeWith().generate(ref(simulator.addTunnel()), operation);

    random.mockRestore();
    expect(lateSends).toBe(1);
    expect(operations()).toEqual(["generate", "generate"]);
    expect(lines).toEqual([expect.stringContaining("trying again in 0 s")]);
  });

  it("is not repeated where that is refused", async () => {
    simulator.fault(faults.throttled({ retryAfterSeconds: 0 }), { operations: ["generate"] });
    const random = jest.spyOn(Math, "random").mockReturnValue(0);
    const beforeLateSend = () => Promise.reject(new Error("a fake reason not to send it"));

    const failing = edgeWith().generate(ref(simulator.addTunnel()), { ...operation, beforeLateSend });

    await expect(failing).rejects.toThrow("a fake reason not to send it");
    random.mockRestore();
    expect(operations()).toEqual(["generate"]);
  });
});
