import { openTunnels } from "../../src/connection/cloudflare-tunnels";
import { DEFAULTS } from "../../src/connection/settings";
import { relate } from "../../src/psk/timestamp";
import { timeIn } from "../../src/psk/tunnel-api";
import { faults, type Simulator, startSimulator } from "../../src/simulator";
import type { Operation, TunnelRef } from "../../src/tunnel";
import { failureOf } from "../support/failure-of";
import { configOf } from "../dynamic/config-of";

const MISSING = "cccccccccccccccccccccccccccccccc";
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

function tunnelsWith(changes?: Readonly<Record<string, string>>) {
  return openTunnels(configOf(simulator, changes), DEFAULTS).tunnels;
}

const ref = (ipsecTunnelId: string): TunnelRef => ({ accountId: simulator.accountId, ipsecTunnelId });
const operations = () => simulator.requests().map(({ operation }) => operation);

describe("openTunnels()", () => {
  const NOTE =
    "A refresh, a destroy and an `up` that refreshes first use the stack configuration of the last `up`: after a change, run `pulumi up --refresh --run-program`.";

  it("names the origin of a refused credential, and which configuration a refresh uses", async () => {
    const tunnels = tunnelsWith({ "cloudflare:apiToken": "fake-token-that-cloudflare-does-not-know" });

    await expect(tunnels.read(ref(MISSING), operation)).rejects.toThrow(
      `The credential came from stack config cloudflare:apiToken. ${NOTE}\n`,
    );
  });

  it("says that once about an API key without its email, after what to do", () => {
    const config = { "cloudflare:apiKey": "fake-key" };
    const open = () => openTunnels((key) => config[key as keyof typeof config], DEFAULTS);

    expect(failureOf(open).details).toEqual({
      summary: "Cannot use stack config cloudflare:apiKey: stack config cloudflare:email is not set",
      remedy: `Set both, or, better, only an API token. Nothing was sent. ${NOTE}`,
    });
  });

  it("says that about a base URL, after what to do", () => {
    const open = () => tunnelsWith({ "cloudflare:baseUrl": "fake" });

    expect(failureOf(open).details).toEqual({
      summary: "Cannot use the base URL from stack config cloudflare:baseUrl: it is not an absolute URL",
      remedy: expect.stringMatching(/localhost\)\. A refresh, a destroy and an `up`/) as string,
    });
  });
});

describe("TunnelApi.read()", () => {
  it("returns when the key was generated", async () => {
    const tunnel = simulator.addTunnel({ lastGeneratedOn: GENERATED_ON });

    await expect(tunnelsWith().read(ref(tunnel), operation)).resolves.toEqual({
      kind: "tunnel",
      lastGeneratedOn: GENERATED_ON,
    });
    expect(operations()).toEqual(["get"]);
  });

  it("returns a tunnel without a timestamp if it has no key", async () => {
    await expect(tunnelsWith().read(ref(simulator.addTunnel()), operation)).resolves.toEqual({ kind: "tunnel" });
  });

  it("returns gone if Cloudflare has no such tunnel", async () => {
    await expect(tunnelsWith().read(ref(MISSING), operation)).resolves.toEqual({ kind: "gone" });
  });
});

describe("openTunnels(), all calls together,", () => {
  // The first response says how many requests are left; until then no other request is sent.
  it("share one limiter", async () => {
    const tunnels = tunnelsWith();
    const [first, second] = [simulator.addTunnel(), simulator.addTunnel()];
    simulator.fault({ kind: "delay", ms: 30, before: "response" });

    await Promise.all([tunnels.read(ref(first), operation), tunnels.read(ref(second), operation)]);

    const [before = 0, after = 0] = simulator.requests().map(({ at }) => at);
    expect(after - before).toBeGreaterThanOrEqual(25);
  });
});

describe("TunnelApi.readFromList()", () => {
  it("uses one list for all tunnels, and a new one after a generation", async () => {
    const tunnels = tunnelsWith();
    const [first, second] = [simulator.addTunnel(), simulator.addTunnel()];

    await tunnels.readFromList(ref(first), operation);
    await tunnels.readFromList(ref(second), operation);
    expect(operations()).toEqual(["list"]);

    const { lastGeneratedOn } = await tunnels.generate(ref(first), operation);
    const reading = await tunnels.readFromList(ref(first), operation);
    expect(operations()).toEqual(["list", "generate", "list"]);
    expect(relate(timeIn(reading), lastGeneratedOn)).toBe("same");
  });
});

describe("TunnelApi.list()", () => {
  it("looks up names in the list at hand, even after a generation, and in a fresh one on demand", async () => {
    const tunnels = tunnelsWith();
    const first = simulator.addTunnel({ name: "branch-1" });
    const list = (age: "fresh" | "recent") => tunnels.list(simulator.accountId, age, operation);

    await list("recent");
    await tunnels.generate(ref(first), operation);
    const second = simulator.addTunnel({ name: "branch-2" });

    expect(await list("recent")).toMatchObject([{ id: first, name: "branch-1" }]);
    expect(operations()).toEqual(["list", "generate"]);
    expect(await list("fresh")).toMatchObject([{ id: first }, { id: second, name: "branch-2" }]);
    expect(operations()).toEqual(["list", "generate", "list"]);
  });
});

describe("TunnelApi.readAfter()", () => {
  it("reads the first tunnel immediately, and those that wait together with one list", async () => {
    const tunnels = tunnelsWith();
    const ids = [simulator.addTunnel({ lastGeneratedOn: GENERATED_ON }), MISSING];

    await tunnels.readAfter(ref(MISSING), operation);
    const readings = await Promise.all(ids.map((id) => tunnels.readAfter(ref(id), operation)));

    expect(readings).toEqual([{ kind: "tunnel", lastGeneratedOn: GENERATED_ON }, { kind: "gone" }]);
    // Only a read of the tunnel itself shows that it is gone.
    expect(operations()).toEqual(["get", "list", "get"]);
  });

  it("reads a tunnel alone if its entry in the list is broken", async () => {
    const tunnels = tunnelsWith();
    const [broken, good] = [GENERATED_ON, GENERATED_ON].map((lastGeneratedOn) =>
      simulator.addTunnel({ lastGeneratedOn }),
    ) as [string, string];
    await tunnels.readAfter(ref(good), operation);
    const entries = [
      { id: broken, psk_metadata: "odd" },
      { id: good, psk_metadata: { last_generated_on: GENERATED_ON } },
    ];
    simulator.fault(
      { kind: "response", status: 200, body: { success: true, result: { ipsec_tunnels: entries } } },
      { operations: ["list"] },
    );

    const readings = await Promise.all([broken, good].map((tunnel) => tunnels.readAfter(ref(tunnel), operation)));

    expect(readings).toEqual(Array(2).fill({ kind: "tunnel", lastGeneratedOn: GENERATED_ON }));
    expect(operations()).toEqual(["get", "list", "get"]);
  });
});

describe("TunnelApi.generate()", () => {
  it("returns the active key, its timestamp and its IKE identity", async () => {
    const tunnel = simulator.addTunnel();

    const key = await tunnelsWith().generate(ref(tunnel), operation);

    expect(key).toEqual({
      psk: simulator.keyAtEdge(tunnel),
      lastGeneratedOn: simulator.generatedOn(tunnel),
      ipsecId: `33145236_${tunnel}`,
    });
    expect([waitedMs, lateSends]).toEqual([0, 0]);
  });

  it("calls beforeLateSend before a repeat", async () => {
    simulator.fault(faults.throttled({ retryAfterSeconds: 0 }), { operations: ["generate"] });
    const random = jest.spyOn(Math, "random").mockReturnValue(0);

    await tunnelsWith().generate(ref(simulator.addTunnel()), operation);

    random.mockRestore();
    expect(lateSends).toBe(1);
    expect(operations()).toEqual(["generate", "generate"]);
    expect(lines).toEqual([expect.stringContaining("trying again in 0 s")]);
  });

  it("is not repeated if beforeLateSend fails", async () => {
    simulator.fault(faults.throttled({ retryAfterSeconds: 0 }), { operations: ["generate"] });
    const random = jest.spyOn(Math, "random").mockReturnValue(0);
    const beforeLateSend = () => Promise.reject(new Error("a fake reason not to send it"));

    const failing = tunnelsWith().generate(ref(simulator.addTunnel()), { ...operation, beforeLateSend });

    await expect(failing).rejects.toThrow("a fake reason not to send it");
    random.mockRestore();
    expect(operations()).toEqual(["generate"]);
  });
});
