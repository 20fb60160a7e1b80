import { gunzipSync, brotliDecompressSync } from "node:zlib";
import { request } from "undici";
import type { Simulator, SimulatorOptions } from "../../src/simulator";
import { startSimulator } from "../../src/simulator";
import { account, parse, send, tunnels, until } from "./support";

describe("startSimulator()", () => {
  const running: Simulator[] = [];

  async function start(options?: SimulatorOptions): Promise<Simulator> {
    const simulator = await startSimulator(options);
    running.push(simulator);
    return simulator;
  }

  afterEach(async () => {
    await Promise.all(running.splice(0).map((simulator) => simulator.close()));
  });

  it("listens on loopback, with one account and one token with write permission", async () => {
    const simulator = await start();

    expect(simulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/client\/v4$/);
    expect(simulator.accountId).toBe(account);
    expect((await send(simulator, "GET", "")).text).toContain('"ipsec_tunnels":[]');
  });

  it("fails if the port is taken", async () => {
    const { url } = await start();

    await expect(startSimulator({ port: Number(new URL(url).port) })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("records what arrives, but never a credential or a body", async () => {
    const simulator = await start({ now: () => 1_700_000_000_000 });
    const id = simulator.addTunnel();
    const body = JSON.stringify({ psk: "a-fake-key-for-tests-only" });

    await send(simulator, "PUT", `/${id}`, { body });
    await send(simulator, "POST", `/${id}/psk_generate?validate_only=true`);
    await request(new URL("/elsewhere", simulator.url));

    const seen = simulator.requests();
    expect(seen).toEqual([
      {
        method: "PUT",
        path: `${tunnels}/${id}`,
        query: {},
        operation: "update",
        accountId: account,
        tunnelId: id,
        at: 1_700_000_000_000,
        status: 200,
        tookEffect: true,
      },
      expect.objectContaining({ operation: "validate", query: { validate_only: "true" }, tookEffect: false }),
      expect.objectContaining({ operation: "unknown", path: "/elsewhere", status: 400, tookEffect: false }),
    ]);
    expect(JSON.stringify(seen)).not.toMatch(new RegExp(`a-fake-key|${simulator.apiToken}`));

    simulator.clearRequests();
    expect(simulator.requests()).toEqual([]);
  });

  it.each([
    ["gzip", gunzipSync],
    ["br", brotliDecompressSync],
  ] as const)("compresses for clients that accept %s", async (encoding, decompress) => {
    const simulator = await start();

    const { headers, body } = await request(`${simulator.url}/accounts/${account}/magic/ipsec_tunnels`, {
      headers: { authorization: `Bearer ${simulator.apiToken}`, "accept-encoding": `deflate, ${encoding}` },
    });

    expect(headers["content-encoding"]).toBe(encoding);
    expect(parse(decompress(Buffer.from(await body.arrayBuffer())).toString()).success).toBe(true);
  });

  it("refuses a body of more than 1 MiB", async () => {
    const simulator = await start();
    const id = simulator.addTunnel();

    const bodies = [1024 * 1024, 1024 * 1024 + 1].map((size) => "{}".padEnd(size));
    const responses = await Promise.all(bodies.map((body) => send(simulator, "PUT", `/${id}`, { body })));

    expect(responses.map(({ status }) => status)).toEqual([200, 413]);
  });

  it("delays every response by latencyMs", async () => {
    const simulator = await start({ latencyMs: 30 });
    const begun = performance.now();

    await send(simulator, "GET", "");

    // A timer may fire a fraction of a millisecond early.
    expect(performance.now() - begun).toBeGreaterThan(25);
  });

  describe("close()", () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

    it("destroys connections that still wait for a response", async () => {
      const simulator = await start();
      simulator.fault({ kind: "silence", effect: false });
      const response = send(simulator, "GET", "").catch((error: unknown) => error);
      await until(() => simulator.requests().length === 1);

      await simulator.close();

      expect(await response).toMatchObject({ code: "UND_ERR_SOCKET" });
      await expect(send(simulator, "GET", "")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    });

    it("drops a call that has not taken effect yet", async () => {
      const simulator = await start();
      const id = simulator.addTunnel();
      simulator.fault({ kind: "delay", ms: 60_000, before: "effect" });
      const response = send(simulator, "POST", `/${id}/psk_generate`).catch((error: unknown) => error);
      await until(() => simulator.requests().length === 1);
      const before = timers();

      await simulator.close();

      expect(timers()).toBeLessThan(before);
      expect(await response).toMatchObject({ code: "UND_ERR_SOCKET" });
      expect(simulator.keyAtEdge(id)).toBeUndefined();
    });

    it("may be called again", async () => {
      const simulator = await start();
      await simulator.close();

      await expect(simulator.close()).resolves.toBeUndefined();
    });
  });
});
