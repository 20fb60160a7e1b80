import { createServer, type IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import type { ApiCall, CallOptions } from "../../src/cloudflare/client";
import { generatePsk, listIpsecTunnels } from "../../src/cloudflare/ipsec-tunnels";
import { createRateLimiter, type RateLimiter } from "../../src/cloudflare/rate-limiter";
import { MAX_TRIES } from "../../src/cloudflare/retry";
import type { IpsecTunnelPskErrorCode } from "../../src/errors";
import { type Change, type Fault, faults, type Simulator, startSimulator } from "../../src/simulator";
import { everythingIn, rejectionOf } from "../support/failure-of";
import { closedPort, listenOnLoopback, type LoopbackServer } from "../support/loopback-server";
import { fakeToken, testClient, type TestClient } from "../support/test-client";

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

  describe("authorizes", () => {
    it("by API token", async () => {
      expect(await list(start())).toHaveLength(1);
    });

    it("by API key and e-mail", async () => {
      const credentials = { scheme: "apiKey", apiKey: user.key, email: user.email, origin: "the test" } as const;

      expect(await list(start(undefined, { credentials }))).toHaveLength(1);
    });

    it("and says where a refused credential came from", async () => {
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

    const call: ApiCall<unknown> = { method: "GET", path: "/a?b=c", result: z.unknown(), act: "test", maxBytes: 1_000 };

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

  describe("when it is throttled", () => {
    it("waits once for as long as Retry-After says", async () => {
      const test = start();
      simulator.fault(faults.throttled({ retryAfterSeconds: 300 }));

      const { psk } = await generate(test);

      expect(psk).toBe(simulator.keyAtEdge(id));
      expect(test.waits).toEqual([300_000]);
      expect(statuses()).toEqual([429, 200]);
    });

    it("waits a second if nobody says how long", async () => {
      const test = start();
      simulator.fault(faults.throttled());

      await generate(test);

      expect(test.waits).toEqual([1_000]);
    });

    it("waits after code 971 under HTTP 200 too", async () => {
      const test = start();
      simulator.fault(faults.throttled971());

      const { psk } = await generate(test);

      expect(psk).toBe(simulator.keyAtEdge(id));
      expect(test.waits).toEqual([1_000]);
    });

    it("says what it waits for", async () => {
      const test = start();
      simulator.fault(faults.throttled({ retryAfterSeconds: 7 }));

      await list(test);

      expect(test.lines).toEqual([
        `Cannot list the IPsec tunnels of account ${accountId} as Cloudflare's request limit is reached; trying again in 7 s`,
      ]);
    });

    it("gives up at last, and has generated nothing", async () => {
      const test = start();
      simulator.fault(faults.throttled(), { times: Infinity });

      expect((await rejectionOf(generate(test))).code).toBe("ERR_RATE_LIMITED");

      expect(test.waits).toEqual(ALL_WAITS);
      expect(statuses()).toEqual(Array<number>(MAX_TRIES).fill(429));
      expect(simulator.issuedKeys()).toEqual([]);
    });

    it("fails at once where Retry-After asks for a day, and says until when", async () => {
      const test = start();
      simulator.fault(faults.throttled({ retryAfterSeconds: 86_400 }));

      const { code, details } = await rejectionOf(generate(test));

      expect(code).toBe("ERR_RATE_LIMITED");
      expect(details.remedy).toContain("Run again in 86400 s (until 1970-01-02T00:00:00Z)");
      expect([test.waits, statuses()]).toEqual([[], [429]]);
    });

    it("tries no more often than its caller allows", async () => {
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
    ])("tries %s as often as it may, for generations too", async (_what, baseUrl) => {
      const test = start(await baseUrl());

      expect((await rejectionOf(generate(test))).code).toBe("ERR_UNREACHABLE");

      expect(test.waits).toEqual(ALL_WAITS);
      expect(simulator.requests()).toEqual([]);
    });
  });

  describe("when the answer is lost", () => {
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
      ["502 with a page", faults.html(502)],
    ];
    const inAHurry = ({ options }: TestClient) => ({
      ...options,
      times: { connectMs: 2_000, headersMs: 100, bodyMs: 2_000 },
    });

    it.each(lost)("asks once for a key, and says that it may have changed: %s", async (_what, fault) => {
      const test = start();
      simulator.fault(fault);

      const generation = generatePsk(test.client, { accountId, ipsecTunnelId: id }, inAHurry(test));

      const { code, message } = await rejectionOf(generation);
      expect(code).toBe("ERR_OUTCOME_UNKNOWN");
      expect(message).toContain("Run `pulumi up` again");
      expect(simulator.requests()).toHaveLength(1);
      expect(test.waits).toEqual([]);
    });

    it.each(lost)("reads again: %s", async (_what, fault) => {
      const test = start();
      simulator.fault(fault);

      expect(await listIpsecTunnels(test.client, accountId, inAHurry(test))).toHaveLength(1);

      expect(simulator.requests()).toHaveLength(2);
      expect(test.waits).toEqual([1_000]);
    });
  });

  describe("when it is refused", () => {
    it.each<[string, Fault, IpsecTunnelPskErrorCode]>([
      ["a page with 403", faults.html(403), "ERR_NOT_AUTHORIZED"],
      ["a redirect", { kind: "answer", status: 302, headers: { location: "https://example.com" } }, "ERR_REFUSED"],
      ["a bad request", { kind: "answer", status: 400 }, "ERR_REFUSED"],
    ])("asks once: %s", async (_what, fault, code) => {
      const test = start();
      simulator.fault(fault, { times: Infinity });

      expect((await rejectionOf(generate(test))).code).toBe(code);

      expect(simulator.requests()).toHaveLength(1);
      expect(test.waits).toEqual([]);
    });
  });

  describe("in its process's turn", () => {
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

    /** Listens to everything, and reads or generates with the rest of the test's options. */
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
        kind: "answer",
        status: 200,
        headers: { ratelimit: '"default";r=3;t=60' },
        body: { success: true, errors: [], messages: [], result: { ipsec_tunnels: [] } },
      };

      it("waits for the budget, says so, and tells how long", async () => {
        const test = limited();
        simulator.fault(nearlyUsedUp);

        await list(test);
        expect([test.lines, heard, time, lateSends]).toEqual([[], [], 0, 0]);
        await list(test);

        expect(test.lines).toEqual(["Cloudflare's request limit is nearly reached (3 left); going on in 61 s"]);
        expect([heard, time, lateSends]).toEqual([[61_000], 61_000, 1]);
      });

      it("waits once for a Retry-After of its own", async () => {
        const test = limited();
        simulator.fault(faults.throttled({ retryAfterSeconds: 30 }));

        await generate(test);

        expect(test.lines).toEqual([expect.stringContaining("; trying again in 30 s")]);
        expect([heard, time, lateSends]).toEqual([[30_000], 30_000, 1]);
      });

      it("keeps others back for a Retry-After", async () => {
        const test = limited({ maxAttempts: 1 });
        simulator.fault(faults.throttled({ retryAfterSeconds: 30 }));

        expect((await rejectionOf(generate(test))).code).toBe("ERR_RATE_LIMITED");
        await list(test);

        expect(test.lines).toEqual(["Cloudflare's request limit is reached; going on in 30 s"]);
        expect([heard, time]).toEqual([[30_000], 30_000]);
      });

      it("waits for both where a repeat meets a used-up budget", async () => {
        const test = limited();
        simulator.fault({ ...nearlyUsedUp, status: 503 });

        await list(test);

        // 1 s after the failure, which Cloudflare did not ask for, and the rest of 61 s, which it did.
        expect([heard, time, lateSends]).toEqual([[60_000], 61_000, 1]);
      });
    });

    /** A limiter that lets time pass, and notes what becomes of its passes. */
    function turnstile(takesMs: number, waitedMs: number) {
      const left: (number | string)[] = [];
      const limiter: RateLimiter = {
        enter: async () => {
          await sleep(takesMs);
          return { waitedMs, leave: (answer) => left.push(answer?.status ?? "no answer") };
        },
      };
      return { limiter, left };
    }

    it.each<[string, number, number, number[], number]>([
      ["at once", 0, 0, [], 0],
      ["after a second", 1_000, 1_000, [1_000], 0],
      ["after more than a second", 1_001, 1_001, [1_001], 1],
      ["after waiting for another answer, which is no wait of Cloudflare's", 1_001, 0, [], 1],
    ])("asks before it sends late, and only then: %s", async (_what, takesMs, waitedMs, waits, asked) => {
      const { limiter, left } = turnstile(takesMs, waitedMs);

      await generate(listening(start(undefined, { now, sleep, limiter })));

      expect([heard, lateSends, left]).toEqual([waits, asked, [200]]);
    });

    it("asks before each repeat, however soon, also without a limiter", async () => {
      simulator.fault(faults.throttled({ retryAfterSeconds: 0 }), { times: 3 });

      await generate(listening(start()));

      expect(lateSends).toBe(3);
      expect(statuses()).toEqual([429, 429, 429, 200]);
    });

    it("does not take its own limits for a wait of Cloudflare's", async () => {
      simulator.fault({ kind: "reset", effect: false });

      await list(listening(start()));

      expect([heard, lateSends]).toEqual([[], 1]);
    });

    it("tells of the back-off after throttling without a Retry-After", async () => {
      simulator.fault(faults.throttled971());

      await generate(listening(start()));

      expect(heard).toEqual([1_000]);
    });

    it("does without anybody who listens", async () => {
      const { limiter, left } = turnstile(5_000, 5_000);
      simulator.fault(faults.throttled());

      await generate(start(undefined, { now, sleep, limiter }));

      expect(left).toEqual([429, 200]);
    });

    describe("when it must not send late", () => {
      const gone = new Error("The engine has gone");
      const beforeLateSend = () => Promise.reject(gone);

      it("sends nothing, and leaves its turn to others", async () => {
        const { limiter, left } = turnstile(1_001, 1_001);
        const test = listening(start(undefined, { now, sleep, limiter }), { beforeLateSend });

        await expect(generate(test)).rejects.toBe(gone);

        expect(simulator.requests()).toEqual([]);
        expect(left).toEqual(["no answer"]);
      });

      it("repeats nothing", async () => {
        const { limiter, left } = turnstile(0, 0);
        const test = listening(start(undefined, { now, sleep, limiter }), { beforeLateSend });
        simulator.fault(faults.throttled(), { times: Infinity });

        await expect(generate(test)).rejects.toBe(gone);

        expect(statuses()).toEqual([429]);
        expect(left).toEqual([429, "no answer"]);
      });
    });

    it("leaves its turn without an answer where none came", async () => {
      const { limiter, left } = turnstile(0, 0);
      simulator.fault({ kind: "reset", effect: true });

      expect((await rejectionOf(generate(start(undefined, { limiter })))).code).toBe("ERR_OUTCOME_UNKNOWN");

      expect(left).toEqual(["no answer"]);
    });
  });

  it("starts from the first wait that it is given", async () => {
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
    simulator.fault({ kind: "answer", status: 200, body });

    await list(test);

    expect(test.lines).toEqual(["Cloudflare says: 1 Deprecated"]);
  });

  describe("keeps keys and credentials out of errors and lines", () => {
    const altered = (change: Change): Fault => ({ kind: "altered", change });
    const quoting = (status: number, success: boolean): Fault => {
      const said = { code: 1, message: `Bearer simulator-token-not-a-real-credential-00, psk fake-issued-key` };
      const result = { psk: "fake-issued-key", ipsec_tunnel_id: "0" };
      return { kind: "answer", status, body: { success, errors: [said], messages: [said], result } };
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
