import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { createServer as createTcpServer, type Server } from "node:net";
import { z } from "zod";
import type { ApiCall, CallOptions } from "../../src/cloudflare/client";
import { findIpsecTunnel, generatePsk, listIpsecTunnels } from "../../src/cloudflare/ipsec-tunnels";
import { createRateLimiter, type RateLimiter } from "../../src/cloudflare/rate-limiter";
import { MAX_ATTEMPTS } from "../../src/cloudflare/retry";
import type { IpsecTunnelPskError, IpsecTunnelPskErrorCode } from "../../src/errors";
import { type ResponseChange, type Fault, faults, type Simulator, startSimulator } from "../../src/simulator";
import { until } from "../simulator/support";
import { everythingIn, rejectionOf } from "../support/failure-of";
import { closedPort, listenOnLoopback, type LoopbackServer } from "../support/loopback-server";
import { fakeToken, testClient, type TestClient } from "../support/test-client";
import { fakeTimeouts, observe } from "./fake-timeouts";

const user = { email: "someone@example.com", key: "fake-api-key-for-tests-only" };
const ALL_WAITS = [1_000, 2_000, 4_000, 8_000];

describe("createClient()", () => {
  let simulator: Simulator;
  let accountId: string;
  let id: string;
  let tests: TestClient[];

  beforeEach(async () => {
    simulator = await startSimulator({ users: [user] });
    ({ accountId } = simulator);
    id = simulator.addTunnel();
    tests = [];
  });

  afterEach(async () => {
    for (const test of tests) await test.close();
    await simulator.close();
  });

  function start(...[baseUrl, changes]: Partial<Parameters<typeof testClient>>): TestClient {
    const test = testClient(baseUrl ?? simulator.url, { apiToken: simulator.apiToken, ...changes });
    tests.push(test);
    return test;
  }
  const generate = ({ client, options }: TestClient) => generatePsk(client, { accountId, ipsecTunnelId: id }, options);
  const list = ({ client, options }: TestClient) => listIpsecTunnels(client, accountId, options);
  const statuses = () => simulator.requests().map(({ status }) => status);

  describe("authorizes requests", () => {
    it("by API token", async () => {
      expect(await list(start())).toHaveLength(1);
    });

    it("by API key and email", async () => {
      const credentials = {
        scheme: "apiKey",
        apiKey: user.key,
        email: user.email,
        origin: { name: "the test" },
      } as const;

      expect(await list(start(undefined, { credentials }))).toHaveLength(1);
    });

    it("and names the source of a credential that Cloudflare refuses", async () => {
      const { code, details } = await rejectionOf(list(start(undefined, { apiToken: fakeToken })));

      expect(code).toBe("ERR_NOT_AUTHORIZED");
      expect(details.remedy).toContain("The credential came from the test.");
    });
  });

  describe("sends", () => {
    let server: LoopbackServer;
    let seen: { url: string | undefined; headers: IncomingHttpHeaders; body: string }[];

    beforeEach(async () => {
      seen = [];
      server = await listenOnLoopback(
        createServer((request, response) => {
          let body = "";
          request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
          request.on("end", () => {
            seen.push({ url: request.url, headers: request.headers, body });
            response.end('{"success":true,"result":{}}');
          });
        }),
      );
    });

    afterEach(() => server.close());

    const call: ApiCall<unknown> = {
      method: "GET",
      path: "/a?b=c",
      result: z.unknown(),
      action: "test",
      maxBytes: 1_000,
    };

    it("a read without a body", async () => {
      const { client, options } = start(`http://127.0.0.1:${server.port}/client/v4`);

      await client.call(call, { announce: options.announce });

      expect(seen).toMatchObject([{ url: "/client/v4/a?b=c", body: "" }]);
      expect(seen[0]?.headers).toMatchObject({
        accept: "application/json",
        "accept-encoding": "gzip, deflate, br",
        "user-agent": "tests/1.0",
        authorization: `Bearer ${simulator.apiToken}`,
      });
      expect(seen[0]?.headers).not.toHaveProperty("content-type");
    });

    it("a body as JSON", async () => {
      const { client, options } = start(`http://127.0.0.1:${server.port}/client/v4`);

      await client.call({ ...call, method: "POST", body: { a: 1 } }, options);

      expect(seen).toMatchObject([{ body: '{"a":1}', headers: { "content-type": "application/json" } }]);
    });

    it("to a base URL that has no path", async () => {
      const { client, options } = start(`http://127.0.0.1:${server.port}`);

      await client.call(call, options);

      expect(seen).toMatchObject([{ url: "/a?b=c" }]);
    });
  });

  describe("when Cloudflare throttles it", () => {
    it("waits once for as long as Retry-After says", async () => {
      const test = start();
      simulator.fault(faults.throttled({ retryAfterSeconds: 300 }));

      const { psk } = await generate(test);

      expect(psk).toBe(simulator.keyAtEdge(id));
      expect(test.waits).toEqual([300_000]);
      expect(statuses()).toEqual([429, 200]);
    });

    it("waits 1 s if the response has no Retry-After", async () => {
      const test = start();
      simulator.fault(faults.throttled());

      await generate(test);

      expect(test.waits).toEqual([1_000]);
    });

    it("also waits after code 971 under HTTP 200", async () => {
      const test = start();
      simulator.fault(faults.throttledWithoutStatus());

      const { psk } = await generate(test);

      expect(psk).toBe(simulator.keyAtEdge(id));
      expect(test.waits).toEqual([1_000]);
    });

    it("announces what it waits for", async () => {
      const test = start();
      simulator.fault(faults.throttled({ retryAfterSeconds: 7 }));

      await list(test);

      expect(test.lines).toEqual([
        `Cannot list the IPsec tunnels of account ${accountId}: Cloudflare's request limit is reached; trying again in 7 s`,
      ]);
    });

    it("gives up after the last attempt, and has generated nothing", async () => {
      const test = start();
      simulator.fault(faults.throttled(), { times: Infinity });

      expect((await rejectionOf(generate(test))).code).toBe("ERR_RATE_LIMITED");

      expect(test.waits).toEqual(ALL_WAITS);
      expect(statuses()).toEqual(Array<number>(MAX_ATTEMPTS).fill(429));
      expect(simulator.issuedKeys()).toEqual([]);
    });

    it("fails immediately if Retry-After asks for a day, and says until when", async () => {
      const test = start();
      simulator.fault(faults.throttled({ retryAfterSeconds: 86_400 }));

      const { code, details } = await rejectionOf(generate(test));

      expect(code).toBe("ERR_RATE_LIMITED");
      expect(details.remedy).toContain("Run again in 86400 s (until 1970-01-02T00:00:00Z)");
      expect([test.waits, statuses()]).toEqual([[], [429]]);
    });

    it("makes no more attempts than its caller allows", async () => {
      const test = start();
      simulator.fault(faults.throttled(), { times: Infinity });

      const once = generatePsk(test.client, { accountId, ipsecTunnelId: id }, { ...test.options, maxAttempts: 1 });

      expect((await rejectionOf(once)).code).toBe("ERR_RATE_LIMITED");
      expect(test.waits).toEqual([]);
    });
  });

  describe("when nothing can be sent", () => {
    it.each<[string, () => string | Promise<string>]>([
      ["a refused connection", async () => `http://127.0.0.1:${await closedPort()}`],
      ["a name that does not resolve", () => "https://nothing.invalid"],
      ["a port that does not speak TLS", () => simulator.url.replace("http:", "https:")],
    ])("makes every attempt for %s, even for a generation", async (_what, baseUrl) => {
      const test = start(await baseUrl());

      expect((await rejectionOf(generate(test))).code).toBe("ERR_UNREACHABLE");

      expect(test.waits).toEqual(ALL_WAITS);
      expect(simulator.requests()).toEqual([]);
    });
  });

  describe("when the response is lost", () => {
    const bothWays = (kind: "reset" | "silence" | "truncated"): [string, Fault][] => [
      [`${kind} before the effect`, { kind, effect: false }],
      [`${kind} after the effect`, { kind, effect: true }],
    ];
    const lost: [string, Fault][] = [
      ...bothWays("reset"),
      ...bothWays("silence"),
      ...bothWays("truncated"),
      ["500 before the effect", faults.serverError(500)],
      ["500 after the effect", faults.serverError(500, true)],
      ["502 with an HTML page", faults.html(502)],
    ];

    beforeEach(fakeTimeouts);
    afterEach(() => {
      jest.useRealTimers();
    });

    /** Lets the timeout pass that ends a silence; all else needs no time. */
    async function outlast<T>(fault: Fault, outcome: Promise<T>): Promise<T> {
      if (fault.kind === "silence") {
        await until(() => simulator.requests().length === 1);
        jest.advanceTimersByTime(2_000);
      }
      return outcome;
    }

    it.each(lost)("sends a generation once, and says that the key may have changed: %s", async (_what, fault) => {
      const test = start();
      simulator.fault(fault);

      const { code, message } = await outlast(fault, rejectionOf(generate(test)));

      expect(code).toBe("ERR_OUTCOME_UNKNOWN");
      expect(message).toContain(
        `Cloudflare may have generated a key for IPsec tunnel ${id} of account ${accountId}, but `,
      );
      expect(message).toContain("Run `pulumi up` again");
      expect(simulator.requests()).toHaveLength(1);
      expect(test.waits).toEqual([]);
    });

    it.each(lost)("sends a read again: %s", async (_what, fault) => {
      const test = start();
      simulator.fault(fault);

      expect(await outlast(fault, list(test))).toHaveLength(1);

      expect(simulator.requests()).toHaveLength(2);
      expect(test.waits).toEqual([1_000]);
    });
  });

  describe("when timeoutMs passes", () => {
    let server: LoopbackServer | undefined;

    beforeEach(fakeTimeouts);
    afterEach(async () => {
      jest.useRealTimers();
      await server?.close();
    });

    /** Makes one call after the other; the time of each is over once its connection, request or body has started. */
    async function failuresOf(scheme: string, peer: Server, startedBy: "connection" | "request" | "body") {
      server = await listenOnLoopback(peer);
      const failures: IpsecTunnelPskError[] = [];
      for (const call of [generatePsk, findIpsecTunnel]) {
        const { dispatcher, bodyStarted } = observe();
        const test = start(`${scheme}://127.0.0.1:${server.port}`, { dispatcher });
        const started = startedBy === "body" ? bodyStarted : once(peer, startedBy);
        const options = { ...test.options, timeoutMs: 50_000, maxAttempts: 1 };
        const failing = rejectionOf(call(test.client, { accountId, ipsecTunnelId: id }, options));
        await started;
        jest.advanceTimersByTime(50_000);
        failures.push(await failing);
      }
      return failures.map(({ code, details }) => [code, details.summary.replace(nameOfTunnel(), "it")]);
    }
    const nameOfTunnel = () => `IPsec tunnel ${id} of account ${accountId}`;

    it("before there is a connection, says that nothing was sent", async () => {
      const reason = "Cloudflare could not be reached (no connection within 50 s)";

      expect(await failuresOf("https", createTcpServer(), "connection")).toEqual([
        ["ERR_UNREACHABLE", `Cannot generate a key for it: ${reason}`],
        ["ERR_UNREACHABLE", `Cannot read it: ${reason}`],
      ]);
    });

    it.each<["request" | "body", () => Server, string]>([
      ["request", () => createServer(() => undefined), "no response within 50 s"],
      ["body", dripping, "no complete response within 50 s"],
    ])("after the start of the %s, says that the key may have changed", async (startedBy, peer, missing) => {
      expect(await failuresOf("http", peer(), startedBy)).toEqual([
        ["ERR_OUTCOME_UNKNOWN", `Cloudflare may have generated a key for it, but its response was lost (${missing})`],
        ["ERR_NO_RESPONSE", `Cannot read it: the response was lost (${missing})`],
      ]);
    });
  });

  describe("when Cloudflare refuses the request", () => {
    it.each<[string, Fault, IpsecTunnelPskErrorCode]>([
      ["an HTML page with 403", faults.html(403), "ERR_NOT_AUTHORIZED"],
      ["a redirect", { kind: "response", status: 302, headers: { location: "https://example.com" } }, "ERR_REFUSED"],
      ["a bad request", { kind: "response", status: 400 }, "ERR_REFUSED"],
    ])("sends it once: %s", async (_what, fault, code) => {
      const test = start();
      simulator.fault(fault, { times: Infinity });

      expect((await rejectionOf(generate(test))).code).toBe(code);

      expect(simulator.requests()).toHaveLength(1);
      expect(test.waits).toEqual([]);
    });
  });

  describe("while other requests wait", () => {
    let time: number;
    let heard: number[];
    let lateSends: number;
    const sleep = (ms: number) => {
      time += ms;
      return Promise.resolve();
    };
    const now = () => time;

    beforeEach(() => {
      time = 0;
      heard = [];
      lateSends = 0;
    });

    /** Adds callbacks that record what they are told to the test's options. */
    function listening(test: TestClient, changes: Partial<CallOptions> = {}): TestClient {
      const options: CallOptions = {
        ...test.options,
        onCloudflareWait: (ms) => heard.push(ms),
        beforeLateSend: () => {
          lateSends += 1;
          return Promise.resolve();
        },
        ...changes,
      };
      return { ...test, options };
    }

    describe("with a limiter", () => {
      const limited = (changes: Partial<CallOptions> = {}) =>
        listening(start(undefined, { now, sleep, limiter: createRateLimiter({ now, sleep }) }), changes);
      const nearlyUsedUp: Fault = {
        kind: "response",
        status: 200,
        headers: { ratelimit: '"default";r=3;t=60' },
        body: { success: true, errors: [], messages: [], result: { ipsec_tunnels: [] } },
      };

      it("waits for the request limit, announces it, and reports how long it waited", async () => {
        const test = limited();
        simulator.fault(nearlyUsedUp);

        await list(test);
        expect([test.lines, heard, time, lateSends]).toEqual([[], [], 0, 0]);
        await list(test);

        expect(test.lines).toEqual(["Cloudflare's request limit is nearly reached (3 left); continuing in 61 s"]);
        expect([heard, time, lateSends]).toEqual([[61_000], 61_000, 1]);
      });

      it("waits once after a Retry-After to its own request", async () => {
        const test = limited();
        simulator.fault(faults.throttled({ retryAfterSeconds: 30 }));

        await generate(test);

        expect(test.lines).toEqual([expect.stringContaining("; trying again in 30 s")]);
        expect([heard, time, lateSends]).toEqual([[30_000], 30_000, 1]);
      });

      it("makes other requests wait for a Retry-After", async () => {
        const test = limited({ maxAttempts: 1 });
        simulator.fault(faults.throttled({ retryAfterSeconds: 30 }));

        expect((await rejectionOf(generate(test))).code).toBe("ERR_RATE_LIMITED");
        await list(test);

        expect(test.lines).toEqual(["Cloudflare's request limit is reached; continuing in 30 s"]);
        expect([heard, time]).toEqual([[30_000], 30_000]);
      });

      it("waits for both if a repeat meets a budget that is used up", async () => {
        const test = limited();
        simulator.fault({ ...nearlyUsedUp, status: 503 });

        await list(test);

        // 1 s after the failure, which Cloudflare did not ask for, and the rest of 61 s, which it did.
        expect([heard, time, lateSends]).toEqual([[60_000], 61_000, 1]);
      });
    });

    /** A limiter that lets time pass, and records how each request left it. */
    function turnstile(takesMs: number, waitedMs: number) {
      const left: (number | string)[] = [];
      const limiter: RateLimiter = {
        enter: async () => {
          await sleep(takesMs);
          return { waitedMs, leave: (response) => left.push(response?.status ?? "no response") };
        },
      };
      return { limiter, left };
    }

    it.each<[string, number, number, number[], number]>([
      ["immediately", 0, 0, [], 0],
      ["after a second", 1_000, 1_000, [1_000], 0],
      ["after more than a second", 1_001, 1_001, [1_001], 1],
      ["after waiting for another response, which Cloudflare did not ask for", 1_001, 0, [], 1],
    ])("calls beforeLateSend() before a late request only: %s", async (_when, takesMs, waitedMs, waits, calls) => {
      const { limiter, left } = turnstile(takesMs, waitedMs);

      await generate(listening(start(undefined, { now, sleep, limiter })));

      expect([heard, lateSends, left]).toEqual([waits, calls, [200]]);
    });

    it("calls beforeLateSend() before each repeat, however soon, even without a limiter", async () => {
      simulator.fault(faults.throttled({ retryAfterSeconds: 0 }), { times: 3 });

      await generate(listening(start()));

      expect(lateSends).toBe(3);
      expect(statuses()).toEqual([429, 429, 429, 200]);
    });

    it("does not report a wait that Cloudflare did not ask for", async () => {
      simulator.fault({ kind: "reset", effect: false });

      await list(listening(start()));

      expect([heard, lateSends]).toEqual([[], 1]);
    });

    it("reports the backoff after throttling without a Retry-After", async () => {
      simulator.fault(faults.throttledWithoutStatus());

      await generate(listening(start()));

      expect(heard).toEqual([1_000]);
    });

    it("works without callbacks", async () => {
      const { limiter, left } = turnstile(5_000, 5_000);
      simulator.fault(faults.throttled());

      await generate(start(undefined, { now, sleep, limiter }));

      expect(left).toEqual([429, 200]);
    });

    describe("when beforeLateSend() rejects", () => {
      const gone = new Error("The engine has exited");
      const beforeLateSend = () => Promise.reject(gone);

      it("sends nothing, and lets the next request go", async () => {
        const { limiter, left } = turnstile(1_001, 1_001);
        const test = listening(start(undefined, { now, sleep, limiter }), { beforeLateSend });

        await expect(generate(test)).rejects.toBe(gone);

        expect(simulator.requests()).toEqual([]);
        expect(left).toEqual(["no response"]);
      });

      it("repeats no request", async () => {
        const { limiter, left } = turnstile(0, 0);
        const test = listening(start(undefined, { now, sleep, limiter }), { beforeLateSend });
        simulator.fault(faults.throttled(), { times: Infinity });

        await expect(generate(test)).rejects.toBe(gone);

        expect(statuses()).toEqual([429]);
        expect(left).toEqual([429, "no response"]);
      });
    });

    it("leaves the limiter without a response if none came", async () => {
      const { limiter, left } = turnstile(0, 0);
      simulator.fault({ kind: "reset", effect: true });

      expect((await rejectionOf(generate(start(undefined, { limiter })))).code).toBe("ERR_OUTCOME_UNKNOWN");

      expect(left).toEqual(["no response"]);
    });
  });

  it("starts its waits from backoffMs", async () => {
    const test = start(undefined, { backoffMs: 10 });
    simulator.fault(faults.throttled(), { times: 2 });

    await generate(test);

    expect(test.waits).toEqual([10, 20]);
  });

  it("announces what Cloudflare says beside a success", async () => {
    const test = start();
    const body = {
      success: true,
      errors: [],
      messages: [{ code: 1, message: "Deprecated" }],
      result: { ipsec_tunnels: [] },
    };
    simulator.fault({ kind: "response", status: 200, body });

    await list(test);

    expect(test.lines).toEqual(["Cloudflare says: 1 Deprecated"]);
  });

  describe("keeps keys and credentials out of errors and announcements", () => {
    const altered = (change: ResponseChange): Fault => ({ kind: "altered", change });
    const quoting = (status: number, success: boolean): Fault => {
      const said = { code: 1, message: `Bearer simulator-token-not-a-real-credential-00, psk fake-issued-key` };
      const result = { psk: "fake-issued-key", ipsec_tunnel_id: "0" };
      return { kind: "response", status, body: { success, errors: [said], messages: [said], result } };
    };

    it.each<[string, Fault]>([
      ["a key of another tunnel", altered("anotherTunnel")],
      ["a key in a body that is not JSON", altered("notJson")],
      ["a key in a body that is too large", altered("oversized")],
      ["half of a key", { kind: "truncated", effect: true }],
      ["an error that quotes both", quoting(400, false)],
      ["a server error that quotes both", quoting(500, false)],
      ["a success that quotes both", quoting(200, true)],
    ])("%s", async (_what, fault) => {
      const test = start();
      simulator.fault(fault);

      const text = everythingIn(await rejectionOf(generate(test))) + test.lines.join("\n");

      for (const secret of [simulator.apiToken, "fake-issued-key", ...simulator.issuedKeys()]) {
        expect(text).not.toContain(secret);
      }
    });
  });
});

/** A server that sends its body too slowly, one byte at a time. */
function dripping(): Server {
  return createServer((_request, response) => {
    const timer = setInterval(() => response.write(" "), 5);
    response.once("close", () => {
      clearInterval(timer);
    });
  });
}
