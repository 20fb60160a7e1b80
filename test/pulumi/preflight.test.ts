import type { CallOptions, CloudflareClient } from "../../src/cloudflare/client";
import { type ErrorCode, IpsecTunnelPskError } from "../../src/errors";
import { connect, environment } from "../../src/pulumi/connection";
import { createPreflight, type PlannedResource, type Preflight } from "../../src/pulumi/preflight";
import type { Inputs } from "../../src/psk/inputs";
import type { StoredState } from "../../src/psk/state";
import { UNKNOWN } from "../../src/psk/unknown";
import { type Fault, faults, type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const TUNNEL = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const FAKE_TOKEN = "fake-token-that-cloudflare-does-not-know";

const inputs: Inputs = { accountId: ACCOUNT, ipsecTunnelId: TUNNEL, rotationTriggers: { quarter: "2026-Q3" } };
const state: StoredState = { ...inputs, psk: "a-fake-key-for-tests-only", status: "inForce", stateVersion: 1 };
const unknownTunnel: Inputs = { ...inputs, ipsecTunnelId: UNKNOWN };

let told: (readonly ["info" | "warn", string])[];

/** Runs a preflight, and notes what it says. Default: a resource that is created. */
async function run(preflight: Preflight, planned: Partial<PlannedResource> = {}): Promise<void> {
  const say = (severity: "info" | "warn") => (text: string) => {
    told.push([severity, text]);
    return Promise.resolve();
  };
  const resource = { inputs, state: undefined, secretTriggers: () => false, ...planned };
  await preflight(resource, { info: say("info"), warn: say("warn") });
}

const everything = () => told.map(([, text]) => text).join("\n");
const warnings = () => told.filter(([severity]) => severity === "warn").map(([, text]) => text);

beforeEach(() => {
  told = [];
});

describe("createPreflight(), why a key will be generated,", () => {
  const preflight = createPreflight({ connect: () => undefined });
  const offline = (rotationTriggers: Inputs["rotationTriggers"]): Inputs => ({
    accountId: ACCOUNT,
    ipsecTunnelId: TUNNEL,
    preflight: false,
    ...(rotationTriggers !== undefined && { rotationTriggers }),
  });

  it.each<[string, Inputs["rotationTriggers"], string]>([
    [
      "a changed trigger with both values",
      { quarter: "2026-Q4" },
      'A new key will be generated, in force at once: rotationTriggers.quarter changed from "2026-Q3" to "2026-Q4".',
    ],
    [
      "an added trigger with its value",
      { quarter: "2026-Q3", ticket: "OPS-7" },
      'A new key will be generated, in force at once: rotationTriggers.ticket was added: "OPS-7".',
    ],
    [
      "a removed trigger with its value",
      undefined,
      'A new key will be generated, in force at once: rotationTriggers.quarter was removed: it was "2026-Q3".',
    ],
    [
      "a trigger that may change",
      { quarter: UNKNOWN },
      "A new key may be generated, in force at once: rotationTriggers.quarter is known only after up.",
    ],
    [
      "every reason there is",
      { quarter: "2026-Q4", ticket: UNKNOWN },
      'A new key will be generated, in force at once: rotationTriggers.quarter changed from "2026-Q3" to "2026-Q4"; rotationTriggers.ticket is known only after up.',
    ],
  ])("says %s", async (_what, rotationTriggers, summary) => {
    await run(preflight, { inputs: offline(rotationTriggers), state });

    expect(told.map(([severity, text]) => [severity, text.split("\n")[0]])).toEqual([["info", summary]]);
  });

  it("says that a new resource has no key yet", async () => {
    await run(preflight, { inputs: offline(undefined) });

    expect(everything()).toContain(
      `A new key will be generated, in force at once: no key of tunnel ${TUNNEL} is in this resource's state.`,
    );
  });

  it("says that the router keeps its old key", async () => {
    await run(preflight, { inputs: offline(undefined), state });

    expect(everything()).toContain("The router keeps its old key until it is given the new one.");
  });

  it.each<[string, Inputs["rotationTriggers"]]>([
    ["added", { quarter: "2026-Q3", ticket: "a-secret-value" }],
    ["changed", { quarter: "a-secret-value" }],
    ["removed", undefined],
  ])("names a secret trigger that is %s, and none of its values", async (what, rotationTriggers) => {
    await run(preflight, { inputs: offline(rotationTriggers), state, secretTriggers: () => true });

    expect(everything()).toMatch(new RegExp(`rotationTriggers\\.(quarter|ticket) (was )?${what}`));
    expect(everything()).not.toMatch(/a-secret-value|2026-Q3/);
  });

  it("hides the values of the secret trigger alone", async () => {
    const secretTriggers = (trigger: string) => trigger === "ticket";

    await run(preflight, { inputs: offline({ quarter: "2026-Q4", ticket: "OPS-7" }), state, secretTriggers });

    expect(everything()).toContain('"2026-Q4"; rotationTriggers.ticket was added: a secret');
  });
});

describe("createPreflight() on a fake Cloudflare", () => {
  let simulator: Simulator;

  async function start(options: SimulatorOptions = {}): Promise<void> {
    simulator = await startSimulator({ accounts: [{ id: ACCOUNT, tunnels: [{ id: TUNNEL }] }], ...options });
  }

  function preflightWith(apiToken: string, baseUrl = simulator.url): Preflight {
    const settings = environment({ CLOUDFLARE_API_TOKEN: apiToken, CLOUDFLARE_BASE_URL: baseUrl });
    return createPreflight({ connect: () => connect([settings]) });
  }

  const operations = () => simulator.requests().map(({ operation }) => operation);

  afterEach(() => simulator.close());

  describe("that accepts", () => {
    beforeEach(() => start());

    it("says so", async () => {
      await run(preflightWith(simulator.apiToken));

      expect(everything()).toContain("Cloudflare would accept it (validate_only: nothing was persisted).");
    });

    it("validates the tunnel itself", async () => {
      await run(preflightWith(simulator.apiToken));

      expect(simulator.requests()).toContainEqual(
        expect.objectContaining({ operation: "validate", tunnelId: TUNNEL, tookEffect: false }),
      );
    });

    it("leaves the key at the edge as it is", async () => {
      const key = simulator.rotate(TUNNEL);

      await run(preflightWith(simulator.apiToken));

      expect(operations()).toContain("validate");
      expect(simulator.keyAtEdge(TUNNEL)).toBe(key);
    });

    it("drops the plausible key of the answer unread", async () => {
      await run(preflightWith(simulator.apiToken));

      expect(simulator.issuedKeys().length).toBeGreaterThan(0);
      expect(simulator.issuedKeys().filter((key) => everything().includes(key))).toEqual([]);
    });

    it("warns of what Cloudflare says besides", async () => {
      const body = { success: true, errors: [], messages: [{ code: 4242, message: "Fake news" }], result: {} };
      simulator.fault({ kind: "answer", status: 200, body }, { operations: ["validate"] });

      await run(preflightWith(simulator.apiToken));

      expect(warnings()).toEqual(["Cloudflare says: 4242 Fake news"]);
    });

    it("says and sends nothing where nothing is to be done", async () => {
      await run(preflightWith(simulator.apiToken), { state });

      expect(told).toEqual([]);
      expect(simulator.requests()).toEqual([]);
    });

    it("sends nothing with preflight: false, and says the reasons all the same", async () => {
      await run(preflightWith(simulator.apiToken), { inputs: { ...inputs, preflight: false } });

      expect(simulator.requests()).toEqual([]);
      expect(everything()).toMatch(/^A new key will be generated.*\nNot validated: preflight is false\./);
    });

    it("sends nothing for an account that is known only after up, and says so", async () => {
      await run(preflightWith(simulator.apiToken), { inputs: { ...unknownTunnel, accountId: UNKNOWN } });

      expect(simulator.requests()).toEqual([]);
      expect(everything()).toContain("Not validated: accountId is known only after up.");
    });
  });

  describe("that refuses", () => {
    it("throws for a tunnel that the account does not have", async () => {
      await start({ accounts: [{ id: ACCOUNT }] });

      await expect(run(preflightWith(simulator.apiToken))).rejects.toMatchObject({ code: "ERR_TUNNEL_NOT_FOUND" });
    });

    it("throws for a token that is not valid, and names its origin", async () => {
      await start();

      await expect(run(preflightWith(FAKE_TOKEN))).rejects.toMatchObject({
        code: "ERR_NOT_AUTHORIZED",
        message: expect.stringContaining("environment variable CLOUDFLARE_API_TOKEN") as string,
      });
    });

    it("throws for an account that is not onboarded", async () => {
      await start({ accounts: [{ id: ACCOUNT, onboarded: false }] });

      await expect(run(preflightWith(simulator.apiToken))).rejects.toMatchObject({
        code: "ERR_ACCOUNT_NOT_ONBOARDED",
      });
    });

    it("throws for a malformed token, and sends nothing", async () => {
      await start();

      await expect(run(preflightWith('"fake"'))).rejects.toMatchObject({ code: "ERR_INVALID_CREDENTIALS" });
      expect(simulator.requests()).toEqual([]);
    });
  });

  describe("that leaves it open", () => {
    beforeEach(() => start());

    it.each<[string, Fault, ErrorCode]>([
      ["a reset connection", { kind: "reset", effect: false }, "ERR_NO_ANSWER"],
      ["half an answer", { kind: "truncated" }, "ERR_NO_ANSWER"],
      ["a 429", faults.throttled({ retryAfterSeconds: 300 }), "ERR_RATE_LIMITED"],
      ["code 971 under HTTP 200", faults.throttled971(), "ERR_RATE_LIMITED"],
      ["a 500", faults.serverError(500), "ERR_UNAVAILABLE"],
      ["a gateway's page", faults.html(502), "ERR_UNAVAILABLE"],
      ["no JSON", { kind: "altered", change: "notJson" }, "ERR_MALFORMED_ANSWER"],
    ])("warns once for %s, and asks once", async (_what, fault, code) => {
      simulator.fault(fault, { times: Infinity });

      await run(preflightWith(simulator.apiToken));

      expect(warnings()).toEqual([expect.stringMatching(new RegExp(`^Not validated\\.\\n.*\\(${code}\\)`))]);
      expect(operations()).toEqual(["validate"]);
    });

    it("warns where Cloudflare cannot be reached", async () => {
      const preflight = preflightWith(simulator.apiToken);
      await simulator.close();

      await run(preflight);

      expect(warnings()).toEqual([expect.stringContaining("ERR_UNREACHABLE")]);
    });

    it("says the reasons all the same, and that nothing was validated", async () => {
      simulator.fault(faults.serverError(500));

      await run(preflightWith(simulator.apiToken));

      expect(told.at(-1)).toEqual([
        "info",
        expect.stringMatching(/^A new key will be generated.*\nNot validated\.\nThe router keeps its old key/),
      ]);
    });
  });

  describe("for tunnels that are known only after up", () => {
    const ANOTHER = "cccccccccccccccccccccccccccccccc";

    it("lists each account once, however many resources ask at once", async () => {
      await start({ accounts: [{ id: ACCOUNT }, { id: ANOTHER }] });
      const preflight = preflightWith(simulator.apiToken);
      const wave = [ACCOUNT, ANOTHER, ACCOUNT, ANOTHER, ACCOUNT];

      await Promise.all(wave.map((accountId) => run(preflight, { inputs: { ...unknownTunnel, accountId } })));

      expect(simulator.requests().map(({ operation, accountId }) => [operation, accountId])).toEqual([
        ["list", ACCOUNT],
        ["list", ANOTHER],
      ]);
    });

    it("says what was checked and what was not", async () => {
      await start();

      await run(preflightWith(simulator.apiToken), { inputs: unknownTunnel });

      expect(everything()).toContain("no key of tunnel (known only after up) is in this resource's state");
      expect(everything()).toContain(
        "Not validated: the tunnel is known only after up; account and credentials are good.",
      );
    });

    it("throws what refuses the list, for every resource", async () => {
      await start({ accounts: [{ id: ACCOUNT, onboarded: false }] });
      const preflight = preflightWith(simulator.apiToken);

      const runs = await Promise.allSettled([1, 2, 3].map(() => run(preflight, { inputs: unknownTunnel })));

      const refusal = expect.objectContaining({ code: "ERR_ACCOUNT_NOT_ONBOARDED" }) as unknown;
      expect(runs).toEqual(Array(3).fill({ status: "rejected", reason: refusal }));
    });

    it("warns where the list leaves it open", async () => {
      await start();
      simulator.fault(faults.serverError(500));

      await run(preflightWith(simulator.apiToken), { inputs: unknownTunnel });

      expect(warnings()).toEqual([expect.stringContaining("ERR_UNAVAILABLE")]);
    });
  });
});

describe("createPreflight() without a fake Cloudflare", () => {
  function failingWith(error: Error, seen: CallOptions[] = []): Preflight {
    const client: CloudflareClient = {
      call: (_call, options) => {
        seen.push(options);
        return Promise.reject(error);
      },
    };
    return createPreflight({ connect: () => client });
  }

  it("warns where no credentials are set", async () => {
    await run(createPreflight({ connect: () => undefined }));

    expect(warnings()).toEqual(["Not validated: no Cloudflare credentials are set where the program runs."]);
  });

  it("throws what is no error of ours: a bug must not pass for network trouble", async () => {
    await expect(run(failingWith(new TypeError("a fake bug")))).rejects.toThrow(TypeError);
  });

  it.each<ErrorCode>(["ERR_REFUSED", "ERR_NO_SUCH_ROUTE", "ERR_TUNNEL_NOT_FOUND", "ERR_NOT_AUTHORIZED"])(
    "throws %s",
    async (code) => {
      const refusal = new IpsecTunnelPskError(code, { what: "Cannot fake it as it is fake", remedy: "None." });

      await expect(run(failingWith(refusal))).rejects.toBe(refusal);
    },
  );

  // Hooks have no time limit of Pulumi's.
  it("tries once, and gives Cloudflare no more than 10 s in all", async () => {
    const lost = new IpsecTunnelPskError("ERR_NO_ANSWER", { what: "Cannot fake it as it is late", remedy: "None." });
    const seen: CallOptions[] = [];

    await run(failingWith(lost, seen));

    expect(seen).toHaveLength(1);
    const { maxTries, times = { connectMs: Infinity, headersMs: 0, bodyMs: 0 } } = seen[0] ?? {};
    expect(maxTries).toBe(1);
    expect(times.connectMs + times.headersMs + times.bodyMs).toBeLessThanOrEqual(10_000);
  });
});
