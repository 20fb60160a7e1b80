import type { CallOptions, CloudflareClient } from "../../src/cloudflare/client";
import { type IpsecTunnelPskErrorCode, IpsecTunnelPskError } from "../../src/errors";
import { once } from "../../src/once";
import { createPreflight, type PlannedResource, type Preflight } from "../../src/preview/preflight";
import { connect, type Connection, environment } from "../../src/connection/connection";
import { DEFAULTS, type ProviderSettings } from "../../src/connection/settings";
import { listsThrough } from "../../src/connection/shared-lists";
import type { Inputs, ResolvedInputs } from "../../src/psk/inputs";
import type { Secrecy } from "../../src/psk/reason-text";
import { UNKNOWN } from "../../src/psk/sentinels";
import type { StoredState } from "../../src/psk/state";
import { type Fault, faults, type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator";
import { createFakeClock } from "../support/fake-clock";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const TUNNEL = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const FAKE_KEY = "a-fake-key-for-tests-only";
const FAKE_TOKEN = "fake-token-that-cloudflare-does-not-know";

const inputs: Inputs = { accountId: ACCOUNT, ipsecTunnelId: TUNNEL, rotationTriggers: { quarter: "2026-Q3" } };
const state: StoredState = { ...inputs, ipsecTunnelId: TUNNEL, psk: FAKE_KEY, status: "active", stateVersion: 1 };
const unknownTunnel: Inputs = { ...inputs, ipsecTunnelId: UNKNOWN };
const changed: Inputs = { ...inputs, rotationTriggers: { quarter: "2026-Q4" } };
const GENERATED_ON = "2026-03-01T12:00:00.123456Z";
const NOW = Date.parse("2026-06-02T00:00:00Z");

/** A preflight through a connection, at a time that stands still. */
function preflightTo(
  connection: () => Connection | "unknown" | undefined,
  settings: Partial<ProviderSettings> = {},
): Preflight {
  const opened = once(connection);
  return createPreflight({
    connect: () => Promise.resolve().then(opened),
    settings: () => Promise.resolve({ ...DEFAULTS, ...settings }),
    now: () => NOW,
  });
}

let shown: (readonly ["info" | "warn", string])[];

/** Runs a preflight, and notes what it shows. Default: a resource that is created. */
async function run(preflight: Preflight, planned: Partial<PlannedResource> = {}): Promise<void> {
  const say = (severity: "info" | "warn") => (text: string) => void shown.push([severity, text]);
  const resource = { inputs, state: undefined, isSecret: () => false, claim: () => undefined, ...planned };
  await preflight(resource, { info: say("info"), warn: say("warn") });
}

const everything = () => shown.map(([, text]) => text).join("\n");
const warnings = () => shown.filter(([severity]) => severity === "warn").map(([, text]) => text);

beforeEach(() => {
  shown = [];
});

describe("createPreflight() about the reasons of a plan", () => {
  const preflight = preflightTo(() => undefined);
  const offline = (rotationTriggers: Inputs["rotationTriggers"]): Inputs => ({
    accountId: ACCOUNT,
    ipsecTunnelId: TUNNEL,
    validateInPreview: false,
    ...(rotationTriggers !== undefined && { rotationTriggers }),
  });

  it.each<[string, Inputs["rotationTriggers"], string]>([
    [
      "a changed trigger with both values",
      { quarter: "2026-Q4" },
      'A new key will be generated, active immediately: rotationTriggers.quarter changed from "2026-Q3" to "2026-Q4".',
    ],
    [
      "an added trigger with its value",
      { quarter: "2026-Q3", ticket: "OPS-7" },
      'A new key will be generated, active immediately: rotationTriggers.ticket was added: "OPS-7".',
    ],
    [
      "a removed trigger with its value",
      undefined,
      'A new key will be generated, active immediately: rotationTriggers.quarter was removed: it was "2026-Q3".',
    ],
    [
      "a trigger that may change",
      { quarter: UNKNOWN },
      "A new key may be generated, active immediately: rotationTriggers.quarter is known only after up.",
    ],
    [
      "every reason",
      { quarter: "2026-Q4", ticket: UNKNOWN },
      'A new key will be generated, active immediately: rotationTriggers.quarter changed from "2026-Q3" to "2026-Q4"; rotationTriggers.ticket is known only after up.',
    ],
  ])("shows %s", async (_what, rotationTriggers, summary) => {
    await run(preflight, { inputs: offline(rotationTriggers), state });

    expect(shown.map(([severity, text]) => [severity, text.split("\n")[0]])).toEqual([["info", summary]]);
  });

  it("shows that a new resource has no key yet", async () => {
    await run(preflight, { inputs: offline(undefined) });

    expect(everything()).toContain(
      `A new key will be generated, active immediately: the resource of tunnel ${TUNNEL} is new or is being replaced.`,
    );
  });

  it.each<[string, Partial<StoredState>, Partial<Inputs>, string]>([
    [
      "an age that is reached",
      { lastGeneratedOn: GENERATED_ON },
      { rotateAfterDays: 90 },
      "the key is 93 days old, and rotateAfterDays is 90",
    ],
    [
      "a rotation by someone else with both times",
      { lastGeneratedOn: GENERATED_ON, status: "superseded", supersededOn: "2026-05-01T00:00:00.000001Z" },
      {},
      `someone else rotated the key at 2026-05-01T00:00:00.000001Z; the key in the state was generated at ${GENERATED_ON}`,
    ],
    ["a lost key", { status: "lost" }, {}, "the key in the state is no longer active, and the active key is unknown"],
  ])("shows %s", async (_what, stored, asked, reason) => {
    await run(preflight, { inputs: { ...inputs, ...asked, validateInPreview: false }, state: { ...state, ...stored } });

    expect(everything().split("\n")[0]).toBe(`A new key will be generated, active immediately: ${reason}.`);
  });

  it("explains an update that has no reason in the program", async () => {
    await run(preflight, { inputs: offline(inputs.rotationTriggers), state });

    expect(everything()).toBe(
      "The key will be verified, and replaced only if it is no longer active: the last update failed, or Cloudflare has just shown another key.\nNot validated: validateInPreview is false.",
    );
  });

  it("shows that an existing key will be taken over, without quoting it", async () => {
    const existingKey = { psk: FAKE_KEY, lastGeneratedOn: GENERATED_ON };

    await run(preflight, { inputs: { ...inputs, existingKey, validateInPreview: false } });

    expect(everything()).toContain(
      `The existing key will be taken over, generated at ${GENERATED_ON}. Nothing is generated.`,
    );
    expect(everything()).not.toContain(FAKE_KEY);
  });

  it("shows that an existing key will be taken over that is known only after up", async () => {
    const existingKey = { psk: UNKNOWN, lastGeneratedOn: UNKNOWN };

    await run(preflight, { inputs: { ...inputs, existingKey, validateInPreview: false }, state });

    expect(everything()).toContain(
      "The existing key may be taken over: existingKey is known only after up. Nothing is generated.",
    );
    expect(everything()).not.toContain(UNKNOWN);
  });

  it("reminds you that your router keeps using the old key", async () => {
    await run(preflight, { inputs: offline(undefined), state });

    expect(everything()).toContain("Your router keeps using the old key until you deploy the new one.");
  });

  it.each<[string, Inputs["rotationTriggers"]]>([
    ["added", { quarter: "2026-Q3", ticket: "a-secret-value" }],
    ["changed", { quarter: "a-secret-value" }],
    ["removed", undefined],
  ])("names a secret trigger that is %s, and none of its values", async (what, rotationTriggers) => {
    await run(preflight, { inputs: offline(rotationTriggers), state, isSecret: () => true });

    expect(everything()).toMatch(new RegExp(`rotationTriggers\\.(quarter|ticket) (was )?${what}`));
    expect(everything()).not.toMatch(/a-secret-value|2026-Q3/);
  });

  it("hides the values of secret triggers only", async () => {
    const isSecret: Secrecy = (property, key) => property === "rotationTriggers" && key === "ticket";

    await run(preflight, { inputs: offline({ quarter: "2026-Q4", ticket: "OPS-7" }), state, isSecret });

    expect(everything()).toContain('"2026-Q4"; rotationTriggers.ticket was added.');
  });
});

describe("createPreflight() with a simulated Cloudflare", () => {
  let simulator: Simulator;

  async function start(options: SimulatorOptions = {}): Promise<void> {
    simulator = await startSimulator({ accounts: [{ id: ACCOUNT, tunnels: [{ id: TUNNEL }] }], ...options });
  }

  function preflightWith(apiToken: string, settings: Partial<ProviderSettings> = {}): Preflight {
    const source = environment({ CLOUDFLARE_API_TOKEN: apiToken, CLOUDFLARE_BASE_URL: simulator.url });
    return preflightTo(() => connect([source], DEFAULTS), settings);
  }

  const operations = () => simulator.requests().map(({ operation }) => operation);
  const validations = () =>
    simulator
      .requests()
      .filter(({ operation }) => operation === "validate")
      .map(({ tunnelId }) => tunnelId);
  const codesOf = (outcomes: readonly PromiseSettledResult<void>[]) =>
    outcomes.map((outcome) => (outcome.status === "fulfilled" ? "passed" : (outcome.reason as { code?: string }).code));
  const runAll = (preflight: Preflight, tunnels: readonly string[]) =>
    Promise.allSettled(
      tunnels.map((ipsecTunnelId) =>
        run(preflight, { inputs: { ...changed, ipsecTunnelId }, state: stateOf(ipsecTunnelId) }),
      ),
    );
  const stateOf = (ipsecTunnelId: string): StoredState => ({ ...state, ipsecTunnelId });

  afterEach(() => simulator.close());

  describe("that accepts", () => {
    beforeEach(() => start());

    it("shows that", async () => {
      await run(preflightWith(simulator.apiToken));

      expect(everything()).toContain("Cloudflare would accept this (validate_only: nothing was persisted).");
    });

    it("validates the tunnel itself", async () => {
      await run(preflightWith(simulator.apiToken));

      expect(simulator.requests()).toContainEqual(
        expect.objectContaining({ operation: "validate", tunnelId: TUNNEL, tookEffect: false }),
      );
    });

    it("does not change the active key", async () => {
      const key = simulator.rotate(TUNNEL);

      await run(preflightWith(simulator.apiToken));

      expect(operations()).toContain("validate");
      expect(simulator.keyAtEdge(TUNNEL)).toBe(key);
    });

    it("never shows the plausible key in the response", async () => {
      await run(preflightWith(simulator.apiToken));

      expect(simulator.issuedKeys().length).toBeGreaterThan(0);
      expect(simulator.issuedKeys().filter((key) => everything().includes(key))).toEqual([]);
    });

    it("warns of messages in the response", async () => {
      const body = { success: true, errors: [], messages: [{ code: 4242, message: "Fake news" }], result: {} };
      simulator.fault({ kind: "response", status: 200, body }, { operations: ["validate"] });

      await run(preflightWith(simulator.apiToken));

      expect(warnings()).toEqual(["Cloudflare says: 4242 Fake news"]);
    });

    it("sends nothing with validateInPreview: false, but shows the reasons", async () => {
      await run(preflightWith(simulator.apiToken), { inputs: { ...inputs, validateInPreview: false } });

      expect(simulator.requests()).toEqual([]);
      expect(everything()).toMatch(
        /^A new key will be generated.*\nYour router keeps .*\nNot validated: validateInPreview is false\.$/,
      );
    });

    it("sends nothing for an account that is known only after up, and shows that", async () => {
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

    it("throws for every resource if the list is refused", async () => {
      await start();

      const outcomes = await runAll(preflightWith(FAKE_TOKEN), [TUNNEL, TUNNEL, TUNNEL]);

      expect(codesOf(outcomes)).toEqual(Array(3).fill("ERR_NOT_AUTHORIZED"));
      expect(validations()).toEqual([]);
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

  describe("that leaves the question open", () => {
    const INCONCLUSIVE: readonly [string, Fault, IpsecTunnelPskErrorCode][] = [
      ["a reset connection", { kind: "reset", effect: false }, "ERR_NO_RESPONSE"],
      ["half a response", { kind: "truncated" }, "ERR_NO_RESPONSE"],
      ["a 429", faults.throttled({ retryAfterSeconds: 300 }), "ERR_RATE_LIMITED"],
      ["code 971 under HTTP 200", faults.throttledWithoutStatus(), "ERR_RATE_LIMITED"],
      ["a 500", faults.serverError(500), "ERR_UNAVAILABLE"],
      ["a gateway's page", faults.html(502), "ERR_UNAVAILABLE"],
      ["a body that is not JSON", { kind: "altered", change: "notJson" }, "ERR_MALFORMED_RESPONSE"],
    ];
    const oneWarning = (code: string, others: string) => [
      expect.stringMatching(new RegExp(`^Not validated${others}\\.\\n.*\\(${code}\\)`)) as unknown,
    ];
    const OF_THE_ACCOUNT = ", and neither is any other tunnel of this account";
    const WITH_THE_CREDENTIALS = ", and neither is any other tunnel with these credentials";
    const MANY = ["1", "2", "3", "4", "5"].map((digit) => digit.repeat(32));

    beforeEach(() => start({ accounts: [{ id: ACCOUNT, tunnels: [TUNNEL, ...MANY].map((id) => ({ id })) }] }));

    it.each(INCONCLUSIVE)("validates nothing after %s for the list, and warns once", async (_what, fault, code) => {
      simulator.fault(fault, { times: Infinity });

      expect(codesOf(await runAll(preflightWith(simulator.apiToken), MANY))).toEqual(MANY.map(() => "passed"));

      expect(warnings()).toEqual(oneWarning(code, OF_THE_ACCOUNT));
      expect(operations()).toEqual(["list"]);
    });

    it.each(INCONCLUSIVE)(
      "validates nothing more after %s for the proof, and warns once",
      async (_what, fault, code) => {
        simulator.fault(fault, { operations: ["validate"], times: Infinity });

        expect(codesOf(await runAll(preflightWith(simulator.apiToken), MANY))).toEqual(MANY.map(() => "passed"));

        expect(warnings()).toEqual(oneWarning(code, WITH_THE_CREDENTIALS));
        expect(operations()).toEqual(["list", "validate"]);
      },
    );

    it("validates nothing more if the second list of the proof cannot be read, and warns once", async () => {
      simulator.fault(faults.serverError(500), { operations: ["list"], after: 1, times: Infinity });

      await runAll(preflightWith(simulator.apiToken), MANY);

      expect(warnings()).toEqual(oneWarning("ERR_UNAVAILABLE", WITH_THE_CREDENTIALS));
      expect(operations()).toEqual(["list", "validate", "list"]);
    });

    it("validates the other tunnels after a failure that concerns only one", async () => {
      const [first = "", second = "", third = ""] = MANY;
      const preflight = preflightWith(simulator.apiToken);
      await run(preflight, { inputs: { ...inputs, ipsecTunnelId: first } });
      simulator.fault(faults.serverError(500), { tunnelId: second });

      await run(preflight, { inputs: { ...inputs, ipsecTunnelId: second } });
      await run(preflight, { inputs: { ...inputs, ipsecTunnelId: third } });

      expect(warnings()).toEqual(oneWarning("ERR_UNAVAILABLE", ""));
      expect(shown.at(-1)?.[1]).toContain("Cloudflare would accept this");
    });

    it("warns of each different failure", async () => {
      const [first = "", second = "", third = ""] = MANY;
      const preflight = preflightWith(simulator.apiToken);
      await run(preflight, { inputs: { ...inputs, ipsecTunnelId: first } });
      simulator.fault(faults.serverError(500), { operations: ["validate"], times: 2 });

      await run(preflight, { inputs: { ...inputs, ipsecTunnelId: second } });
      await run(preflight, { inputs: { ...inputs, ipsecTunnelId: third } });

      expect(warnings()).toEqual([expect.stringContaining(second), expect.stringContaining(third)]);
    });

    it("proves in the next preview that validate_only is harmless", async () => {
      simulator.fault(faults.serverError(500), { operations: ["validate"] });
      await run(preflightWith(simulator.apiToken));
      simulator.clearRequests();

      await run(preflightWith(simulator.apiToken));

      expect(operations()).toEqual(["list", "validate", "list"]);
    });

    it("warns if Cloudflare cannot be reached", async () => {
      const preflight = preflightWith(simulator.apiToken);
      await simulator.close();

      await run(preflight);

      expect(warnings()).toEqual([expect.stringContaining("ERR_UNREACHABLE")]);
    });

    it("warns if the validation takes longer than previewTimeoutMs", async () => {
      simulator.fault({ kind: "silence", effect: false });

      await run(preflightWith(simulator.apiToken, { previewTimeoutMs: 50 }));

      expect(warnings()).toEqual([
        expect.stringContaining("Cannot validate in this preview: it took longer than 0.05 s (ERR_NO_RESPONSE)"),
      ]);
      expect(shown.at(-1)).toEqual([
        "info",
        expect.stringContaining("\nNot validated: Cannot validate in this preview"),
      ]);
    });

    it("shows the reasons, and that nothing was validated", async () => {
      simulator.fault(faults.serverError(500));

      await run(preflightWith(simulator.apiToken));

      expect(shown.at(-1)).toEqual([
        "info",
        expect.stringMatching(
          /^A new key will be generated.*\nYour router keeps using the old key.*\nNot validated: Cannot list the IPsec tunnels of/,
        ),
      ]);
    });
  });

  describe("that may persist what it only validates", () => {
    const KEYLESS = "dddddddddddddddddddddddddddddddd";
    const OTHER = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
    const withKey = (id: string) => ({ id, psk: `${FAKE_KEY}-${id.slice(0, 1)}` });
    const errors = [{ code: 1032, message: "IPsec tunnel not found" }];
    const gone: Fault = { kind: "response", status: 404, body: { success: false, errors, messages: [], result: null } };
    const startWith = (tunnels: readonly { readonly id: string; readonly psk?: string }[], validatePersists: boolean) =>
      start({ accounts: [{ id: ACCOUNT, tunnels }], assumptions: { validatePersists } });

    it("has to prove once that it does not: list, validate, list", async () => {
      await startWith([withKey(TUNNEL), withKey(OTHER)], false);
      const preflight = preflightWith(simulator.apiToken);

      await run(preflight, { inputs: changed, state });
      expect(operations()).toEqual(["list", "validate", "list"]);

      simulator.clearRequests();
      await runAll(preflight, [TUNNEL, OTHER]);
      expect(operations()).toEqual(["validate"]);
      expect(validations()).toEqual([OTHER]);
    });

    it("has to prove it once for all resources that are validated at the same time", async () => {
      await startWith([withKey(TUNNEL), withKey(OTHER)], false);

      await runAll(preflightWith(simulator.apiToken), [TUNNEL, OTHER, TUNNEL]);

      expect(operations().filter((operation) => operation === "list")).toHaveLength(2);
      expect([...validations()].sort()).toEqual([TUNNEL, OTHER]);
    });

    it("does not have to prove it again in the next preview of the same process", async () => {
      await startWith([withKey(TUNNEL)], false);
      await run(preflightWith(simulator.apiToken));
      simulator.clearRequests();

      await run(preflightWith(simulator.apiToken));

      expect(operations()).toEqual(["list", "validate"]);
    });

    it("fails the preview if it does, and names the tunnel that lost its key", async () => {
      await startWith([withKey(TUNNEL)], true);

      await expect(run(preflightWith(simulator.apiToken), { inputs: changed, state })).rejects.toMatchObject({
        code: "ERR_VALIDATION_PERSISTS",
        message: expect.stringContaining(
          `generated a key for IPsec tunnel ${TUNNEL}, although it must not (timestamp before: 20`,
        ) as string,
      });
      expect(simulator.keyAtEdge(TUNNEL)).not.toBe(withKey(TUNNEL).psk);
    });

    it("fails every resource if it does, in later previews too, and validates nothing more", async () => {
      await startWith([withKey(TUNNEL), withKey(OTHER)], true);
      const persists = "ERR_VALIDATION_PERSISTS";

      const outcomes = await runAll(preflightWith(simulator.apiToken), [TUNNEL, OTHER, TUNNEL]);
      expect(codesOf(outcomes)).toEqual([persists, persists, persists]);

      expect(codesOf(await runAll(preflightWith(simulator.apiToken), [OTHER]))).toEqual([persists]);
      expect(validations()).toEqual([TUNNEL]);
      expect(simulator.keyAtEdge(OTHER)).toBe(withKey(OTHER).psk);
    });

    it("is tested first on a tunnel without a key, which carries no traffic", async () => {
      await startWith([withKey(OTHER), withKey(TUNNEL), { id: KEYLESS }], true);

      await expect(run(preflightWith(simulator.apiToken), { inputs: changed, state })).rejects.toThrow(
        `IPsec tunnel ${KEYLESS}, although it must not (timestamp before: none`,
      );

      expect(validations()).toEqual([KEYLESS]);
      expect([TUNNEL, OTHER].map((id) => simulator.keyAtEdge(id))).toEqual([withKey(TUNNEL).psk, withKey(OTHER).psk]);
      expect(simulator.keyAtEdge(KEYLESS)).toBeDefined();
    });

    it("is tested only on the planned tunnel if all tunnels have keys", async () => {
      await startWith([withKey(OTHER), withKey(TUNNEL)], true);

      await expect(run(preflightWith(simulator.apiToken), { inputs: changed, state })).rejects.toThrow(TUNNEL);

      expect(simulator.keyAtEdge(OTHER)).toBe(withKey(OTHER).psk);
    });

    it("fails only the resource whose tunnel is refused, and is tested with the next one", async () => {
      await startWith([withKey(OTHER), withKey(TUNNEL)], false);
      simulator.fault(gone, { operations: ["validate"], tunnelId: TUNNEL });

      const outcomes = await runAll(preflightWith(simulator.apiToken), [TUNNEL, OTHER, OTHER]);

      expect(codesOf(outcomes)).toEqual(["ERR_TUNNEL_NOT_FOUND", "passed", "passed"]);
      expect(operations()).toEqual(["list", "validate", "validate", "list"]);
    });

    it("fails no resource if a tunnel without a key is refused that is not in the program", async () => {
      await startWith([withKey(OTHER), withKey(TUNNEL), { id: KEYLESS }], false);
      simulator.fault(gone, { tunnelId: KEYLESS, times: Infinity });

      const outcomes = await runAll(preflightWith(simulator.apiToken), [TUNNEL, OTHER]);

      expect(codesOf(outcomes)).toEqual(["passed", "passed"]);
      expect(validations()).toEqual([KEYLESS, TUNNEL, OTHER]);
    });
  });

  describe("whose list is incomplete or lags behind", () => {
    const LIVE = { id: TUNNEL, lastGeneratedOn: GENERATED_ON };
    const OTHER = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
    const KEYLESS = "dddddddddddddddddddddddddddddddd";
    const existingKey = { psk: FAKE_KEY, lastGeneratedOn: GENERATED_ON };
    const entry = (id: string, psk_metadata: unknown) => ({ id, psk_metadata });
    const listWith = (ipsec_tunnels: unknown): Fault => ({
      kind: "response",
      status: 200,
      body: { success: true, errors: [], messages: [], result: { ipsec_tunnels } },
    });
    const ODD_LISTS: readonly [string, unknown][] = [
      ["is null", null],
      ["lacks the tunnel", []],
      ["has a broken entry for it", [entry(TUNNEL, "odd")]],
    ];
    const startWith = (tunnels: readonly { readonly id: string; readonly lastGeneratedOn?: string }[]) =>
      start({ accounts: [{ id: ACCOUNT, tunnels }] });

    it.each(ODD_LISTS)(
      "warns of an active key that a read of the tunnel shows: the list %s",
      async (_what, entries) => {
        await startWith([LIVE]);
        simulator.fault(listWith(entries), { operations: ["list"], times: Infinity });

        await run(preflightWith(simulator.apiToken));

        expect(warnings()).toEqual([expect.stringContaining(`already has a key, generated at ${GENERATED_ON}`)]);
        expect(everything()).toContain("Cloudflare would accept this");
      },
    );

    it.each(ODD_LISTS)("checks the existing key with a read of the tunnel: the list %s", async (_what, entries) => {
      await startWith([LIVE]);
      simulator.fault(listWith(entries), { operations: ["list"] });

      await run(preflightWith(simulator.apiToken), { inputs: { ...inputs, existingKey } });

      expect(everything()).toContain("Cloudflare shows the same timestamp for the active key.");
    });

    it.each([
      ["no key", {}],
      ["an older key", { last_generated_on: "2026-02-01T00:00:00.000000Z" }],
    ])(
      "checks the existing key with a read of the tunnel: the list lags behind and shows %s",
      async (_what, metadata) => {
        await startWith([LIVE]);
        simulator.fault(listWith([entry(TUNNEL, metadata)]), { operations: ["list"] });

        await run(preflightWith(simulator.apiToken), { inputs: { ...inputs, existingKey } });

        expect(everything()).toContain("Cloudflare shows the same timestamp for the active key.");
      },
    );

    it("shows that a tunnel beyond the maximum exists, if a read shows it", async () => {
      await startWith([LIVE, { id: OTHER }]);
      const entries = [entry(OTHER, {}), entry(TUNNEL, "odd")];
      simulator.fault(listWith(entries), { operations: ["list"], times: Infinity });
      const preflight = preflightWith(simulator.apiToken, { maxPreviewValidations: 1 });

      await run(preflight, { inputs: { ...changed, ipsecTunnelId: OTHER }, state: stateOf(OTHER) });
      await run(preflight, { inputs: changed, state });

      expect(everything()).toContain("(maxPreviewValidations). The tunnel exists.");
    });

    it("does not blame validate_only for a key that only the second list shows", async () => {
      await startWith([LIVE]);
      simulator.fault(listWith([entry(TUNNEL, "odd")]), { operations: ["list"] });

      await run(preflightWith(simulator.apiToken), { inputs: changed, state });

      expect(operations()).toEqual(["list", "get", "validate", "list"]);
    });

    it("proves with a read that validate_only is harmless if the second list is empty", async () => {
      await startWith([LIVE]);
      simulator.fault(listWith(null), { operations: ["list"], after: 1 });

      await run(preflightWith(simulator.apiToken), { inputs: changed, state });

      expect(operations()).toEqual(["list", "validate", "list", "get"]);
    });

    it("never tests validate_only on another tunnel whose entry is broken", async () => {
      await startWith([LIVE, { id: OTHER, lastGeneratedOn: GENERATED_ON }]);
      const entries = [entry(OTHER, "odd"), entry(TUNNEL, { last_generated_on: GENERATED_ON })];
      simulator.fault(listWith(entries), { operations: ["list"] });

      await run(preflightWith(simulator.apiToken), { inputs: changed, state });

      expect(validations()).toEqual([TUNNEL]);
    });

    it("warns, and fails no resource, if a read of the tunnel cannot be used either", async () => {
      await startWith([LIVE, { id: KEYLESS }]);
      simulator.fault(listWith(null), { operations: ["list"] });
      simulator.fault({ kind: "altered", change: "anotherTunnel" }, { operations: ["get"] });

      await run(preflightWith(simulator.apiToken), { inputs: changed, state });

      expect(warnings()).toEqual([expect.stringContaining("ERR_MALFORMED_RESPONSE")]);
    });
  });

  describe("with maxPreviewValidations", () => {
    const FIVE = ["1", "2", "3", "4", "5"].map((digit) => digit.repeat(32));
    const startFive = () => start({ accounts: [{ id: ACCOUNT, tunnels: FIVE.map((id) => ({ id, psk: FAKE_KEY })) }] });

    it("validates so many tunnels, checks the others against the list, and shows that", async () => {
      await startFive();

      await runAll(preflightWith(simulator.apiToken, { maxPreviewValidations: 3 }), FIVE);

      expect(validations()).toHaveLength(3);
      expect(operations().filter((operation) => operation === "list")).toHaveLength(2);
      const findings = shown.map(([, text]) => text.split("\n").at(-1));
      const beyond =
        "Not validated individually, because this preview has validated 3 tunnels (maxPreviewValidations). The tunnel exists.";
      expect(findings.filter((finding) => finding === beyond)).toHaveLength(2);
    });

    it("refuses a tunnel beyond the maximum that Cloudflare does not have", async () => {
      await startFive();
      const preflight = preflightWith(simulator.apiToken, { maxPreviewValidations: 3 });
      await runAll(preflight, FIVE);

      await expect(run(preflight)).rejects.toMatchObject({
        code: "ERR_TUNNEL_NOT_FOUND",
        details: {
          summary: `Cannot generate a key for IPsec tunnel ${TUNNEL} of account ${ACCOUNT}: the account has no such tunnel`,
        },
      });
      expect(validations()).toHaveLength(3);
    });

    it("validates a tunnel once, even if resources name it twice and in another case", async () => {
      await start();

      await runAll(preflightWith(simulator.apiToken, { maxPreviewValidations: 1 }), [TUNNEL, TUNNEL.toUpperCase()]);

      expect(validations()).toEqual([TUNNEL]);
      expect(everything()).not.toContain("maxPreviewValidations");
    });
  });

  describe("if the tunnel has a key", () => {
    beforeEach(() => start({ accounts: [{ id: ACCOUNT, tunnels: [{ id: TUNNEL, lastGeneratedOn: GENERATED_ON }] }] }));

    it("warns that a new resource is about to replace it", async () => {
      await run(preflightWith(simulator.apiToken));

      expect(warnings()).toEqual([
        `Tunnel ${TUNNEL} already has a key, generated at ${GENERATED_ON}, which up will replace. If this resource is being replaced (--replace, a taint, replaceOnChanges), that is what a replacement does. If it is new, you can keep the key: set existingKey, or an alias if the resource was renamed.`,
      ]);
    });

    it("does not warn if the resource is updated", async () => {
      await run(preflightWith(simulator.apiToken), { inputs: changed, state });

      expect(warnings()).toEqual([]);
    });

    it("shows that the existing key has the active key's timestamp, and validates nothing", async () => {
      const existingKey = { psk: FAKE_KEY, lastGeneratedOn: "2026-03-01T12:00:00.123456400Z" };

      await run(preflightWith(simulator.apiToken), { inputs: { ...inputs, existingKey } });

      expect(warnings()).toEqual([]);
      expect(everything()).toContain("Cloudflare shows the same timestamp for the active key.");
      expect(operations()).toEqual(["list"]);
    });

    it("refuses an existing key with another timestamp, and names both", async () => {
      const existingKey = { psk: FAKE_KEY, lastGeneratedOn: "2026-02-01T00:00:00Z" };

      const failure = run(preflightWith(simulator.apiToken), { inputs: { ...inputs, existingKey }, state });

      await expect(failure).rejects.toMatchObject({
        code: "ERR_EXISTING_KEY_MISMATCH",
        message: expect.stringMatching(/2026-02-01T00:00:00Z.*2026-03-01T12:00:00.123456Z/) as string,
      });
      await expect(failure).rejects.not.toThrow(FAKE_KEY);
    });

    it("does not check an existing key that is known only after up", async () => {
      const existingKey = { psk: UNKNOWN, lastGeneratedOn: GENERATED_ON };

      await run(preflightWith(simulator.apiToken), { inputs: { ...inputs, existingKey } });

      expect(everything()).toContain("Not checked: existingKey is known only after up.");
    });

    it('fails with onExternalRotation "fail" after a rotation by someone else, names both times, and sends nothing', async () => {
      const superseded: StoredState = {
        ...state,
        lastGeneratedOn: GENERATED_ON,
        status: "superseded",
        supersededOn: "2026-05-01T00:00:00.000001Z",
      };
      const asked: Inputs = { ...inputs, onExternalRotation: "fail" };

      await expect(run(preflightWith(simulator.apiToken), { inputs: asked, state: superseded })).rejects.toMatchObject({
        code: "ERR_EXTERNAL_ROTATION",
        message: expect.stringMatching(/2026-05-01T00:00:00\.000001Z.*2026-03-01T12:00:00\.123456Z/) as string,
      });
      expect(simulator.requests()).toEqual([]);
    });
  });

  describe("for tunnels that are known only after up", () => {
    const ANOTHER = "cccccccccccccccccccccccccccccccc";

    it("lists each account once for all resources that are checked at the same time", async () => {
      await start({ accounts: [{ id: ACCOUNT }, { id: ANOTHER }] });
      const preflight = preflightWith(simulator.apiToken);
      const wave = [ACCOUNT, ANOTHER, ACCOUNT, ANOTHER, ACCOUNT];

      await Promise.all(wave.map((accountId) => run(preflight, { inputs: { ...unknownTunnel, accountId } })));

      expect(simulator.requests().map(({ operation, accountId }) => [operation, accountId])).toEqual([
        ["list", ACCOUNT],
        ["list", ANOTHER],
      ]);
    });

    it("shows what was checked and what was not", async () => {
      await start();

      await run(preflightWith(simulator.apiToken), { inputs: unknownTunnel });

      expect(everything()).toContain("the resource of tunnel (known only after up) is new or is being replaced");
      expect(everything()).toContain(
        "Not validated: the tunnel is known only after up. Account and credentials are valid.",
      );
    });

    it("throws the refusal of the list for every resource", async () => {
      await start({ accounts: [{ id: ACCOUNT, onboarded: false }] });
      const preflight = preflightWith(simulator.apiToken);

      const runs = await Promise.allSettled([1, 2, 3].map(() => run(preflight, { inputs: unknownTunnel })));

      const refusal = expect.objectContaining({ code: "ERR_ACCOUNT_NOT_ONBOARDED" }) as unknown;
      expect(runs).toEqual(Array(3).fill({ status: "rejected", reason: refusal }));
    });

    it("warns if the list cannot be read", async () => {
      await start();
      simulator.fault(faults.serverError(500));

      await run(preflightWith(simulator.apiToken), { inputs: unknownTunnel });

      expect(warnings()).toEqual([expect.stringContaining("ERR_UNAVAILABLE")]);
    });
  });

  describe("for a tunnel that is named by its name", () => {
    const ANOTHER = "cccccccccccccccccccccccccccccccc";
    const KEYED = { id: TUNNEL, name: "branch-1", lastGeneratedOn: GENERATED_ON };
    const CREATED = "2026-03-01T00:00:00.040555Z";
    const named: Inputs = { accountId: ACCOUNT, ipsecTunnelName: "branch-1" };
    const stored: StoredState = { ...state, ipsecTunnelName: "branch-1", lastGeneratedOn: GENERATED_ON };
    const toParis: Inputs = { ...named, ipsecTunnelName: "paris" };
    const startWith = (...tunnels: readonly { readonly id: string; readonly name: string }[]) =>
      start({ accounts: [{ id: ACCOUNT, tunnels }], now: () => Date.parse("2026-03-01T00:00:00.040Z") });
    /** Lists show these tunnels, with fields that the simulator would not show. */
    const showing = (...ipsec_tunnels: readonly object[]) =>
      simulator.fault(
        {
          kind: "response",
          status: 200,
          body: { success: true, errors: [], messages: [], result: { ipsec_tunnels } },
        },
        { operations: ["list"], times: Infinity },
      );
    const claims: ResolvedInputs[] = [];
    const claim = (inputs: ResolvedInputs) => void claims.push(inputs);
    const onCreate = 'the resource of tunnel "branch-1" is new or is being replaced';

    beforeEach(() => {
      claims.length = 0;
    });

    it("validates the tunnel that the list shows, and claims it by its ID", async () => {
      await startWith({ id: TUNNEL, name: "branch-1" }, { id: ANOTHER, name: "paris" });

      await run(preflightWith(simulator.apiToken), { inputs: named, claim });

      expect(everything()).toContain(onCreate);
      expect(everything()).toContain("Cloudflare would accept this");
      expect(validations()).toEqual([TUNNEL]);
      expect(claims).toMatchObject([{ accountId: ACCOUNT, ipsecTunnelId: TUNNEL, ipsecTunnelName: "branch-1" }]);
    });

    it("reads no list more than for a tunnel that is named by its ID", async () => {
      await startWith({ id: TUNNEL, name: "branch-1" });
      // The first preview of a process proves that validate_only is harmless.
      await run(preflightWith(simulator.apiToken));
      simulator.clearRequests();
      await run(preflightWith(simulator.apiToken));
      const byId = operations();
      simulator.clearRequests();

      await run(preflightWith(simulator.apiToken), { inputs: named });

      expect(operations()).toEqual(byId);
    });

    it("warns of the key that the tunnel already has", async () => {
      await startWith(KEYED);

      await run(preflightWith(simulator.apiToken), { inputs: named });

      expect(warnings()).toEqual([
        expect.stringContaining(`Tunnel ${TUNNEL} already has a key, generated at ${GENERATED_ON}`),
      ]);
    });

    it("checks an existing key", async () => {
      await startWith(KEYED);
      const existingKey = { psk: FAKE_KEY, lastGeneratedOn: GENERATED_ON };

      await run(preflightWith(simulator.apiToken), { inputs: { ...named, existingKey } });

      expect(everything()).toContain("Cloudflare shows the same timestamp for the active key.");
    });

    it("says in one line that the tunnel does not exist yet, fails nothing, and validates and claims nothing", async () => {
      await startWith({ id: ANOTHER, name: "branch-2" });

      await run(preflightWith(simulator.apiToken), { inputs: named, claim });

      expect(shown).toEqual([
        [
          "info",
          `A new key will be generated, active immediately: ${onCreate}.\nYour router keeps using the old key until you deploy the new one.\n` +
            'Not validated: the account has no tunnel "branch-1" yet; it has "branch-2". If this up does not create it, correct ipsecTunnelName. Account and credentials are valid.',
        ],
      ]);
      expect(operations()).toEqual(["list", "list"]);
      expect(claims).toEqual([]);
    });

    it("says that of the first tunnel of an account", async () => {
      await startWith();

      await run(preflightWith(simulator.apiToken), { inputs: named });

      expect(everything()).toContain('the account has no tunnel "branch-1" yet');
    });

    it("finds a tunnel that only a fresh list shows", async () => {
      await startWith({ id: TUNNEL, name: "branch-1" });
      simulator.fault(
        {
          kind: "response",
          status: 200,
          body: { success: true, errors: [], messages: [], result: { ipsec_tunnels: [] } },
        },
        { operations: ["list"] },
      );

      await run(preflightWith(simulator.apiToken), { inputs: named, claim });

      expect(claims).toMatchObject([{ ipsecTunnelId: TUNNEL }]);
    });

    it("takes a pin within its second for that of the tunnel", async () => {
      await startWith({ id: TUNNEL, name: "branch-1" });

      await run(preflightWith(simulator.apiToken), {
        inputs: { ...named, ipsecTunnelCreatedOn: "2026-03-01T00:00:00Z" },
        claim,
      });

      expect(claims).toMatchObject([{ ipsecTunnelId: TUNNEL }]);
      expect(warnings()).toEqual([]);
    });

    it("says of a pin in another second when the tunnel of that name was created", async () => {
      await startWith({ id: TUNNEL, name: "branch-1" });

      await run(preflightWith(simulator.apiToken), {
        inputs: { ...named, ipsecTunnelCreatedOn: "2026-03-01T00:00:01Z" },
        claim,
      });

      expect(everything()).toMatch(
        /its tunnel of that name was created at 2026-03-01T00:00:00\.040\d{3}Z, not at 2026-03-01T00:00:01Z\. /,
      );
      expect(claims).toEqual([]);
    });

    it("warns that a list without created_on leaves the pin out, and validates the tunnel of that name", async () => {
      await startWith({ id: TUNNEL, name: "branch-1" });
      showing({ id: TUNNEL, name: "branch-1" });

      await run(preflightWith(simulator.apiToken), { inputs: { ...named, ipsecTunnelCreatedOn: CREATED }, claim });

      expect(warnings()).toEqual([expect.stringContaining("ipsecTunnelCreatedOn was not compared")]);
      expect(claims).toMatchObject([{ ipsecTunnelId: TUNNEL }]);
    });

    it("refuses a name that two tunnels have", async () => {
      await startWith({ id: TUNNEL, name: "branch-1" });
      showing({ id: TUNNEL, name: "branch-1" }, { id: ANOTHER, name: "branch-1" });

      await expect(run(preflightWith(simulator.apiToken), { inputs: named, claim })).rejects.toMatchObject({
        code: "ERR_TUNNEL_NOT_FOUND",
        details: { summary: expect.stringContaining("several tunnels in the account have that name") as string },
      });
      expect(claims).toEqual([]);
    });

    it("refuses a tunnel that another resource manages, and validates nothing", async () => {
      await startWith({ id: TUNNEL, name: "branch-1" });
      const refusal = new IpsecTunnelPskError("ERR_INVALID_INPUT", { summary: "Cannot: it is fake", remedy: "None." });
      const refusing = () => {
        throw refusal;
      };

      await expect(run(preflightWith(simulator.apiToken), { inputs: named, claim: refusing })).rejects.toBe(refusal);
      expect(validations()).toEqual([]);
    });

    it.each<[string, Inputs]>([
      ["an unknown name", { ...named, ipsecTunnelName: UNKNOWN }],
      ["an unknown name with a pin", { ...named, ipsecTunnelName: UNKNOWN, ipsecTunnelCreatedOn: CREATED }],
    ])("checks account and credentials for %s", async (_what, asked) => {
      await startWith({ id: TUNNEL, name: "branch-1" });

      await run(preflightWith(simulator.apiToken), { inputs: asked, claim });

      expect(everything()).toContain("the resource of tunnel (known only after up) is new or is being replaced");
      expect(everything()).toContain(
        "Not validated: the tunnel is known only after up. Account and credentials are valid.",
      );
      expect([operations(), claims]).toEqual([["list"], []]);
    });

    it("validates the tunnel of that name while its pin is unknown", async () => {
      await startWith({ id: TUNNEL, name: "branch-1" });

      await run(preflightWith(simulator.apiToken), { inputs: { ...named, ipsecTunnelCreatedOn: UNKNOWN }, claim });

      expect(claims).toMatchObject([{ ipsecTunnelId: TUNNEL }]);
    });

    describe("and whose key is stored", () => {
      it("validates the stored tunnel if the name did not change", async () => {
        await startWith(KEYED, { ...KEYED, id: ANOTHER, name: "paris" });

        await run(preflightWith(simulator.apiToken), {
          inputs: { ...named, rotationTriggers: { quarter: "2026-Q4" } },
          state: stored,
          claim,
        });

        expect(everything()).toContain("rotationTriggers.quarter changed");
        expect(validations()).toEqual([TUNNEL]);
        expect(claims).toMatchObject([{ ipsecTunnelId: TUNNEL }]);
      });

      it("validates the stored tunnel while the name is unknown", async () => {
        await startWith(KEYED);

        await run(preflightWith(simulator.apiToken), {
          inputs: { ...named, ipsecTunnelName: UNKNOWN, rotationTriggers: { quarter: "2026-Q4" } },
          state: stored,
        });

        expect(validations()).toEqual([TUNNEL]);
      });

      it("says that no list shows the tunnel that the program names now, and fails nothing", async () => {
        await startWith(KEYED);

        await run(preflightWith(simulator.apiToken), { inputs: toParis, state: stored });

        expect(shown).toEqual([
          [
            "info",
            "The program names the tunnel differently, and no list shows that name yet. If up finds the same tunnel, its key is verified and kept; if not, up fails and generates nothing.\n" +
              'Not validated: the account has no tunnel "paris" yet; it has "branch-1". If this up does not create it, correct ipsecTunnelName. Account and credentials are valid.',
          ],
        ]);
      });

      it("says of a tunnel that was renamed meanwhile what happens to its key", async () => {
        await startWith({ ...KEYED, name: "paris" });
        const { rotationTriggers, ...keeping } = stored;

        await run(preflightWith(simulator.apiToken), { inputs: toParis, state: keeping });

        expect(rotationTriggers && everything()).toContain(
          "The key will be verified, and replaced only if it is no longer active",
        );
        expect(warnings()).toEqual([]);
      });
    });
  });
});

describe("createPreflight() without a simulated Cloudflare", () => {
  function failingWith(error: Error, seen: CallOptions[] = []): Preflight {
    const client: CloudflareClient = {
      call: (_call, options) => {
        seen.push(options);
        return Promise.reject(error);
      },
    };
    const lists = listsThrough(client, createFakeClock(), DEFAULTS);
    return preflightTo(() => ({ client, lists, baseUrl: "http://127.0.0.1:1/fake" }));
  }

  it("warns once if no credentials are configured", async () => {
    const preflight = preflightTo(() => undefined);

    await Promise.all([run(preflight), run(preflight)]);

    expect(warnings()).toEqual([
      expect.stringMatching(
        /no Cloudflare credentials are configured.+ Run `pulumi config set --secret cloudflare:apiToken`/,
      ),
    ]);
    expect(shown.map(([, text]) => text.split("\n").at(-1)).filter((text) => text === "Not validated.")).toHaveLength(
      2,
    );
  });

  it("shows that the provider's credentials are known only after up, without a warning", async () => {
    await run(preflightTo(() => "unknown"));

    expect(warnings()).toEqual([]);
    expect(everything()).toContain("Not validated: the provider's credentials are known only after up.");
  });

  it("throws an error that is not ours, because a bug must not pass for network trouble", async () => {
    await expect(run(failingWith(new TypeError("a fake bug")))).rejects.toThrow(TypeError);
  });

  it.each<IpsecTunnelPskErrorCode>(["ERR_REFUSED", "ERR_NO_SUCH_ROUTE", "ERR_TUNNEL_NOT_FOUND", "ERR_NOT_AUTHORIZED"])(
    "throws %s",
    async (code) => {
      const refusal = new IpsecTunnelPskError(code, { summary: "Cannot fake it: it is fake", remedy: "None." });

      await expect(run(failingWith(refusal))).rejects.toBe(refusal);
    },
  );

  // A preview never waits for Retry-After.
  it("makes one attempt", async () => {
    const lost = new IpsecTunnelPskError("ERR_NO_RESPONSE", { summary: "Cannot fake it: it is late", remedy: "None." });
    const seen: CallOptions[] = [];

    await run(failingWith(lost, seen));

    expect(seen).toEqual([expect.objectContaining({ maxAttempts: 1 })]);
  });

  it("throws an error in the settings", async () => {
    const wrong = new IpsecTunnelPskError("ERR_INVALID_SETTING", {
      summary: "Cannot use it: it is fake",
      remedy: "None.",
    });
    const preflight = createPreflight({
      connect: () => Promise.resolve(undefined),
      settings: () => Promise.reject(wrong),
      now: () => NOW,
    });

    await expect(run(preflight)).rejects.toBe(wrong);
  });
});
