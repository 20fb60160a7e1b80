import { faults, startSimulator } from "../../src/simulator";
import type { Fault, Simulator } from "../../src/simulator";
import { parse, send, until } from "./support";

describe("fault()", () => {
  let simulator: Simulator;
  let id: string;
  const generate = (signal?: AbortSignal) =>
    send(simulator, "POST", `/${id}/psk_generate`, signal === undefined ? {} : { signal });

  beforeEach(async () => {
    simulator = await startSimulator();
    id = simulator.addTunnel();
  });

  afterEach(async () => {
    await simulator.close();
  });

  it.each<[string, Fault, { status: number; type: string; text: RegExp; changed: boolean }]>([
    [
      "a 5xx",
      faults.serverError(503),
      { status: 503, type: "application/json", text: /"success":false/, changed: false },
    ],
    [
      "a 5xx after the effect",
      faults.serverError(500, true),
      { status: 500, type: "application/json", text: /1000/, changed: true },
    ],
    [
      "a gateway's HTML page",
      faults.html(502),
      { status: 502, type: "text/html; charset=UTF-8", text: /<html>/, changed: false },
    ],
    [
      "971 under HTTP 200",
      faults.throttledWithoutStatus(),
      { status: 200, type: "application/json", text: /971/, changed: false },
    ],
    [
      "an empty response",
      { kind: "response", status: 204 },
      { status: 204, type: "application/json", text: /^$/, changed: false },
    ],
  ])("responds with %s", async (_what, fault, expected) => {
    simulator.fault(fault);

    const { status, headers, text } = await generate();

    expect({ status, type: headers["content-type"] }).toEqual({ status: expected.status, type: expected.type });
    expect(text).toMatch(expected.text);
    expect(headers["cf-ray"]).toMatch(/-SIM$/);
    expect(simulator.keyAtEdge(id) !== undefined).toBe(expected.changed);
    expect(simulator.requests()).toMatchObject([{ status, tookEffect: expected.changed }]);
  });

  it.each([
    [faults.throttled(), undefined],
    [faults.throttled({ retryAfterSeconds: 7 }), "7"],
  ])("throttles the request, with Retry-After if it is given: %#", async (fault, retryAfter) => {
    simulator.fault(fault);

    const { status, headers } = await generate();

    expect(status).toBe(429);
    expect(headers["retry-after"]).toBe(retryAfter);
  });

  it.each([true, false])("resets the connection, with effect: %s", async (effect) => {
    simulator.fault({ kind: "reset", effect });

    await expect(generate()).rejects.toMatchObject({ code: "ECONNRESET" });

    expect(simulator.keyAtEdge(id) !== undefined).toBe(effect);
    expect(simulator.requests()).toMatchObject([{ operation: "generate", tookEffect: effect }]);
    expect(simulator.requests()[0]?.status).toBeUndefined();
  });

  it.each([true, false])("sends no response until the client gives up, with effect: %s", async (effect) => {
    simulator.fault({ kind: "silence", effect });
    const client = new AbortController();

    const response = generate(client.signal);
    await until(() => simulator.requests().length === 1);
    client.abort();

    await expect(response).rejects.toMatchObject({ name: "AbortError" });
    expect(simulator.keyAtEdge(id) !== undefined).toBe(effect);
    expect(simulator.requests()[0]?.status).toBeUndefined();
  });

  it.each([undefined, true, false])("truncates the body, with effect: %s", async (effect) => {
    simulator.fault(effect === undefined ? { kind: "truncated" } : { kind: "truncated", effect });

    await expect(generate()).rejects.toMatchObject({ code: "UND_ERR_SOCKET" });

    expect(simulator.keyAtEdge(id) !== undefined).toBe(effect ?? true);
  });

  it("lets a call take effect even after the client has hung up", async () => {
    simulator.fault({ kind: "delay", ms: 500, before: "effect" });
    const client = new AbortController();

    const response = generate(client.signal);
    await until(() => simulator.requests().length === 1);
    client.abort();
    await expect(response).rejects.toMatchObject({ name: "AbortError" });
    expect(simulator.keyAtEdge(id)).toBeUndefined();

    await until(() => simulator.requests()[0]?.tookEffect === true);
    expect(simulator.keyAtEdge(id)).toBeDefined();
    expect(simulator.requests()[0]?.status).toBeUndefined();
  });

  it("delays the response to a call that has taken effect", async () => {
    simulator.fault({ kind: "delay", ms: 50, before: "response" });
    const start = performance.now();

    const response = generate();
    await until(() => simulator.requests()[0]?.tookEffect === true);
    const meanwhile = simulator.requests();

    expect(parse((await response).text).result?.psk).toBe(simulator.keyAtEdge(id));
    expect(meanwhile[0]?.status).toBeUndefined();
    expect(simulator.requests()[0]?.status).toBe(200);
    // A timer may fire a fraction of a millisecond early.
    expect(performance.now() - start).toBeGreaterThan(45);
  });

  it("shows a stale read the state before the last generation", async () => {
    const metadata = async () =>
      parse((await send(simulator, "GET", `/${id}`)).text).result?.ipsec_tunnel?.psk_metadata;
    simulator.rotate(id);
    const first = await metadata();
    simulator.rotate(id);
    const second = await metadata();

    simulator.fault({ kind: "stale" });
    await generate();

    expect(first).not.toEqual(second);
    expect(await metadata()).toEqual(second);
    expect(await metadata()).not.toEqual(second);
  });

  it("shows a tunnel without its only key in a stale list", async () => {
    simulator.rotate(id);
    simulator.fault({ kind: "stale" });

    const [tunnel] = parse((await send(simulator, "GET", "")).text).result?.ipsec_tunnels ?? [];

    expect(tunnel).toMatchObject({ id, psk_metadata: {} });
  });

  it("leaves the tunnels that were created last out of a list that lags behind", async () => {
    let now = 1_700_000_000_000;
    await simulator.close();
    simulator = await startSimulator({ now: () => now });
    const listed = async () =>
      parse((await send(simulator, "GET", "")).text).result?.ipsec_tunnels?.map(({ name }) => name);
    simulator.addTunnel({ name: "older" });
    now += 1_000;
    const tunnelId = simulator.addTunnel({ name: "newer" });
    simulator.fault({ kind: "lagging", ms: 500 }, { times: 2 });

    expect(await listed()).toEqual(["older"]);
    expect((await send(simulator, "GET", `/${tunnelId}`)).status).toBe(200);
    now += 500;
    expect(await listed()).toEqual(["older", "newer"]);
  });

  it("alters a list: withoutCreatedOn", async () => {
    const [whole] = parse((await send(simulator, "GET", "")).text).result?.ipsec_tunnels ?? [];
    simulator.fault({ kind: "altered", change: "withoutCreatedOn" });

    const [altered] = parse((await send(simulator, "GET", "")).text).result?.ipsec_tunnels ?? [];

    expect(whole).toHaveProperty("created_on");
    expect({ ...altered, created_on: whole?.created_on }).toEqual(whole);
    expect(altered).not.toHaveProperty("created_on");
  });

  it.each([
    ["withoutKey", "psk", undefined],
    ["withoutTimestamp", "psk_metadata", {}],
    ["withoutTunnelId", "ipsec_tunnel_id", undefined],
    ["withoutIpsecId", "ipsec_id", undefined],
  ] as const)("alters a success: %s", async (change, field, left) => {
    const whole = parse((await generate()).text).result;
    simulator.fault({ kind: "altered", change });

    const altered = parse((await generate()).text).result;

    expect(altered?.[field]).toEqual(left);
    expect(Object.keys(whole ?? {})).toEqual(["ipsec_id", "ipsec_tunnel_id", "psk", "psk_metadata"]);
    expect(Object.keys(altered ?? {})).toHaveLength(left === undefined ? 3 : 4);
  });

  it("alters a success: anotherTunnel", async () => {
    simulator.fault({ kind: "altered", change: "anotherTunnel" }, { times: 3 });

    const generated = parse((await generate()).text).result?.ipsec_tunnel_id;
    const read = parse((await send(simulator, "GET", `/${id}`)).text).result?.ipsec_tunnel?.id;
    const listed = parse((await send(simulator, "GET", "")).text).result?.ipsec_tunnels?.[0]?.id;

    expect(generated).toMatch(/^[0-9a-f]{32}$/);
    expect(generated).not.toBe(id);
    expect([read, listed]).toEqual([generated, generated]);
  });

  it("applies none of the keys, and says why", async () => {
    const set = () => send(simulator, "POST", "/psk", { body: JSON.stringify({ psks: [{ id, psk: "a-fake-key" }] }) });
    simulator.fault({ kind: "unapplied", reason: "The tunnel is locked" }, { tunnelId: id });

    expect(parse((await generate()).text).result?.psk).toBe(simulator.keyAtEdge(id));
    expect(parse((await set()).text)).toMatchObject({
      success: true,
      result: { successfully_applied_psks: {}, unapplied_psks: { [id]: "The tunnel is locked" } },
    });
    expect(simulator.keyAtEdge(id)).not.toBe("a-fake-key");
    expect(simulator.requests().at(-1)).toMatchObject({ operation: "set", tunnelId: id, tookEffect: false });
    await set();
    expect(simulator.keyAtEdge(id)).toBe("a-fake-key");
  });

  it.each([
    ["withoutKey", "psk", undefined],
    ["withoutTimestamp", "psk_metadata", {}],
    ["withoutIpsecId", "ipsec_id", undefined],
  ] as const)("alters a key that was set: %s", async (change, field, left) => {
    simulator.fault({ kind: "altered", change });

    const { text } = await send(simulator, "POST", "/psk", {
      body: JSON.stringify({ psks: [{ id, psk: "a-fake-key" }] }),
    });

    expect((parse(text).result?.successfully_applied_psks?.[id] as Record<string, unknown>)[field]).toEqual(left);
  });

  it.each([
    ["withoutTunnelId", 0],
    ["anotherTunnel", 1],
  ] as const)("alters the tunnel of a key that was set: %s", async (change, left) => {
    simulator.fault({ kind: "altered", change });

    const { text } = await send(simulator, "POST", "/psk", {
      body: JSON.stringify({ psks: [{ id, psk: "a-fake-key" }] }),
    });

    const applied = parse(text).result?.successfully_applied_psks;
    expect(applied).not.toHaveProperty(id);
    expect(Object.keys(applied ?? {})).toHaveLength(left);
  });

  it("alters a success: notJson", async () => {
    simulator.fault({ kind: "altered", change: "notJson" });

    const { text } = await generate();

    expect(() => parse(text)).toThrow(SyntaxError);
  });

  it("alters a success: oversized", async () => {
    simulator.fault({ kind: "altered", change: "oversized" });

    const { headers, text } = await generate();

    expect(headers["content-length"]).toBeUndefined();
    expect(text.length).toBeGreaterThan(16 * 1024 * 1024);
    expect(parse(text).result?.psk).toBe(simulator.keyAtEdge(id));
  });

  it.each<[string | readonly string[] | undefined, string | string[] | undefined]>([
    [undefined, undefined],
    ["", ""],
    ["x-fake", "x-fake"],
    [
      ["x-fake", "x-other"],
      ["x-fake", "x-other"],
    ],
  ])(
    "wraps a response with the encodings that it names, independent of what the client accepts: %j",
    async (given, sent) => {
      const wrap = (json: Buffer) => Buffer.concat([Buffer.from("before "), json]);
      simulator.fault({ kind: "wrapped", wrap, ...(given !== undefined && { contentEncoding: given }) });

      const { headers, text } = await generate();

      expect(headers["content-encoding"]).toEqual(sent);
      expect(text).toMatch(/^before \{/);
      expect(simulator.requests()).toMatchObject([{ status: 200, tookEffect: true }]);
    },
  );

  it("leaves a refusal as it is", async () => {
    simulator.removeTunnel(id);
    simulator.fault({ kind: "altered", change: "notJson" });

    expect(parse((await generate()).text).errors).toMatchObject([{ code: 1032 }]);
  });

  describe("affects", () => {
    const statuses = async (count: number, request = () => generate()) => {
      const seen: number[] = [];
      for (let i = 0; i < count; i += 1) seen.push((await request()).status);
      return seen;
    };

    it("one request by default", async () => {
      simulator.fault(faults.serverError());
      expect(await statuses(2)).toEqual([500, 200]);
    });

    it("`times` requests, after the `after` that it skips", async () => {
      simulator.fault(faults.serverError(), { after: 1, times: 2 });
      expect(await statuses(4)).toEqual([200, 500, 500, 200]);
    });

    it("all requests until it is removed", async () => {
      const remove = simulator.fault(faults.serverError(), { times: Infinity });
      expect(await statuses(3)).toEqual([500, 500, 500]);
      remove();
      expect(await statuses(1)).toEqual([200]);
    });

    it("requests in the order in which faults were added", async () => {
      simulator.fault(faults.serverError(501));
      simulator.fault(faults.serverError(502));
      expect(await statuses(3)).toEqual([501, 502, 200]);
    });

    it("only the operations of its scope", async () => {
      simulator.fault(faults.serverError(), { operations: ["validate"] });
      expect(await statuses(1)).toEqual([200]);
      const validate = () => send(simulator, "POST", `/${id}/psk_generate?validate_only=true`);
      expect(await statuses(1, validate)).toEqual([500]);
    });

    it("only the tunnel of its scope", async () => {
      const other = simulator.addTunnel();
      simulator.fault(faults.serverError(), { tunnelId: other });
      expect(await statuses(1)).toEqual([200]);
      expect(await statuses(1, () => send(simulator, "GET", ""))).toEqual([200]);
      expect(await statuses(1, () => send(simulator, "GET", `/${other}`))).toEqual([500]);
    });
  });
});
