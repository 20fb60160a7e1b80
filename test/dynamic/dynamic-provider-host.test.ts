import { relate } from "../../src/psk/timestamp";
import { UNKNOWN } from "../../src/psk/sentinels";
import { PROVIDER_TEXT } from "../../src/dynamic/provider-text";
import { INTERNAL_VARIABLE, type Settings } from "../../src/connection/settings";
import { faults, type Simulator, startSimulator } from "../../src/simulator";
import {
  type Diff,
  type DynamicProviderHost,
  type HostOptions,
  KeptFailure,
  type Properties,
  startDynamicProviderHost,
  stored,
  wireSecret,
} from "../support/dynamic-provider-host";
import { GOOD_INPUTS } from "../support/input-samples";
import { waitUntil } from "../support/wait-until";

const FAKE_TOKEN = "fake-token-that-cloudflare-does-not-know";
const FAKE_KEY = "a-fake-key-for-tests-only";
const FAKE_ACCOUNT = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const FAKE_TUNNEL = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const ANOTHER = "cccccccccccccccccccccccccccccccc";

const inputs = { accountId: FAKE_ACCOUNT, ipsecTunnelId: FAKE_TUNNEL, rotationTriggers: { quarter: "2026-Q3" } };
const damaged = { ...inputs, psk: FAKE_KEY, status: "fake-status", stateVersion: 1 };

// Tests share a process if they can: its start takes longer than they do.
let host: DynamicProviderHost;
let simulator: Simulator;

async function startHost(options: HostOptions = {}): Promise<void> {
  host = await startDynamicProviderHost(options);
}

async function startBoth(options: HostOptions = {}): Promise<void> {
  simulator = await startSimulator();
  await startHost({ ...options, config: { ...inConfig(simulator.apiToken), ...options.config } });
}

/** The environment that changes settings which are not public. */
function internally(settings: Partial<Settings>): HostOptions {
  return { env: { [INTERNAL_VARIABLE]: JSON.stringify(settings) } };
}

async function closeBoth(): Promise<void> {
  await host.close();
  await simulator.close();
}

const inConfig = (token: string) => ({ "cloudflare:apiToken": token, "cloudflare:baseUrl": simulator.url });
const inEnvironment = (token: string) => ({ CLOUDFLARE_API_TOKEN: token, CLOUDFLARE_BASE_URL: simulator.url });

function inputsFor(ipsecTunnelId: string): Properties {
  return { ...inputs, accountId: simulator.accountId, ipsecTunnelId };
}

/** Returns what a failure leaves for the state; throws if it leaves nothing. */
async function keptOf(failing: Promise<unknown>): Promise<KeptFailure> {
  const failure: unknown = await failing.catch((error: unknown) => error);
  if (failure instanceof KeptFailure) return failure;
  throw new Error("The call has left nothing for the state", { cause: failure });
}

async function messageOf(failing: Promise<unknown>): Promise<string> {
  const failure: unknown = await failing.catch((error: unknown) => error);
  if (failure instanceof Error) return failure.message;
  throw new Error("The call has not failed");
}

function generations(tunnelId: string): number {
  return simulator.requests().filter((seen) => seen.operation === "generate" && seen.tunnelId === tunnelId).length;
}

describe("In Pulumi's host,", () => {
  beforeAll(() => startBoth(internally({ lagWaitMs: 1 })));
  afterAll(closeBoth);

  describe("check()", () => {
    const good = { accountId: FAKE_ACCOUNT, ipsecTunnelId: FAKE_TUNNEL };

    it.each<[string, Properties]>([
      ["the required properties", good],
      ["every property", GOOD_INPUTS],
      [
        "values that are known only after up",
        { accountId: UNKNOWN, ipsecTunnelId: UNKNOWN, rotationTriggers: UNKNOWN },
      ],
    ])("accepts %s, and returns them unchanged", async (_what, news) => {
      await expect(host.check(news)).resolves.toEqual({ inputs: { __provider: PROVIDER_TEXT, ...news }, failures: [] });
    });

    // Pulumi prints the value of the property that a failure names, which may be secret: so the reason names the property.
    it.each<[string, Properties, string]>([
      [
        "an account ID of another form",
        { ...good, accountId: "abc" },
        "accountId must be a Cloudflare account ID: 32 hexadecimal characters",
      ],
      [
        "a missing tunnel",
        { accountId: FAKE_ACCOUNT },
        "ipsecTunnelName or ipsecTunnelId is required, to say which tunnel the key is for",
      ],
      [
        "a trigger that is not a string",
        { ...good, rotationTriggers: { day: 1 } },
        "rotationTriggers.day must be a string",
      ],
      ["triggers that are not a map", { ...good, rotationTriggers: "x" }, "rotationTriggers must be a map of strings"],
      [
        "a validateInPreview that is not a boolean",
        { ...good, validateInPreview: "no" },
        "validateInPreview must be true or false",
      ],
      ["half a day", { ...good, rotateAfterDays: 0.5 }, "rotateAfterDays must be a whole number of days, 1 or more"],
      [
        "an existing key without its timestamp",
        { ...good, existingKey: { psk: FAKE_KEY } },
        'existingKey.lastGeneratedOn must be the timestamp that Cloudflare shows, as in "2026-11-23T08:15:00.123456Z"',
      ],
      ["a psk that is not a string", { ...good, psk: 1 }, "psk must be a string that is not empty"],
      ["an unknown property", { ...good, preSharedKey: FAKE_KEY }, "preSharedKey is not a property of IpsecTunnelPsk"],
    ])("refuses %s with an empty property and a reason that names it", async (_what, news, reason) => {
      const { failures } = await host.check(news);

      expect(failures).toEqual([{ property: "", reason }]);
    });

    it("never quotes a value that it refuses", async () => {
      const value = "do-not-quote-this-value";
      const news = {
        accountId: value,
        ipsecTunnelId: value,
        rotationTriggers: value,
        validateInPreview: value,
        psk: { value },
        preSharedKey: value,
      };

      const { failures } = await host.check(news);

      expect(failures).toHaveLength(6);
      expect(JSON.stringify(failures)).not.toContain(value);
    });
  });

  describe("diff()", () => {
    const state = { ...inputs, psk: FAKE_KEY, status: "active", stateVersion: 1 };
    const nothing: Diff = { changes: "none", replaces: [], deleteBeforeReplace: false };
    // The engine then compares the inputs itself.
    const update: Diff = { changes: "unknown", replaces: [], deleteBeforeReplace: false };

    it.each<[string, Properties, Diff]>([
      ["plans nothing for the same inputs", inputs, nothing],
      ["plans nothing for another provider text", { ...inputs, __provider: `${PROVIDER_TEXT};` }, nothing],
      ["plans nothing for another validateInPreview", { ...inputs, validateInPreview: false }, nothing],
      ["plans an update for a changed trigger", { ...inputs, rotationTriggers: { quarter: "2026-Q4" } }, update],
      ["plans an update for an unknown trigger", { ...inputs, rotationTriggers: { quarter: UNKNOWN } }, update],
      [
        "replaces for another tunnel",
        { ...inputs, ipsecTunnelId: ANOTHER },
        { ...update, replaces: ["ipsecTunnelId"] },
      ],
      ["replaces for another account", { ...inputs, accountId: ANOTHER }, { ...update, replaces: ["accountId"] }],
      [
        "replaces for a tunnel that is known only after up",
        { ...inputs, ipsecTunnelId: UNKNOWN },
        { ...update, replaces: ["ipsecTunnelId"] },
      ],
    ])("%s", async (_what, news, expected) => {
      await expect(host.diff(state, news)).resolves.toEqual(expected);
    });

    // The inputs do not differ here, so the provider must tell the engine.
    const told: Diff = { ...nothing, changes: "some" };
    const old = "2020-01-01T00:00:00.000000001Z";
    const existingKey = { psk: FAKE_KEY, lastGeneratedOn: old };

    it.each<[string, Properties, Properties, Diff]>([
      ["plans an update for a superseded key", { status: "superseded", supersededOn: old }, {}, told],
      [
        'plans an update with onExternalRotation "fail" too, so that the refusal is shown',
        { status: "superseded", supersededOn: old },
        { onExternalRotation: "fail" },
        told,
      ],
      ["plans an update for a lost key", { status: "lost" }, {}, told],
      ["plans nothing for an unverified key", { status: "unverified" }, {}, nothing],
      ["plans an update for a key that has reached its age", { lastGeneratedOn: old }, { rotateAfterDays: 90 }, told],
      ["plans nothing for a key that has not", { lastGeneratedOn: old }, { rotateAfterDays: 999_999 }, nothing],
      ["plans nothing for another onExternalRotation", {}, { onExternalRotation: "fail" }, nothing],
      ["plans nothing for another conduitId", {}, { conduitId: "33145236" }, nothing],
      ["plans an update for an existing key", {}, { existingKey }, told],
      [
        "plans nothing for an existing key that was taken over",
        { existingKeyGeneratedOn: "2020-01-01T00:00:00Z", lastGeneratedOn: old },
        { existingKey },
        nothing,
      ],
    ])("%s", async (_what, stateChanges, newsChanges, expected) => {
      await expect(host.diff({ ...state, ...stateChanges }, { ...inputs, ...newsChanges })).resolves.toEqual(expected);
    });

    it("fails for a damaged state without showing the key", async () => {
      const failure = await messageOf(host.diff(damaged, inputs));

      expect(failure).toContain("ERR_INVALID_STATE");
      expect(failure).not.toContain(FAKE_KEY);
    });
  });

  describe("create()", () => {
    let tunnel: string;

    beforeEach(() => {
      tunnel = simulator.addTunnel();
    });

    it("returns the tunnel's key as a secret, with its timestamp and ipsec_id", async () => {
      const { id, outs } = await host.create(inputsFor(tunnel));

      expect(id).toBe(`${simulator.accountId}/${tunnel}`);
      expect(outs).toEqual({
        ...inputsFor(tunnel),
        __provider: PROVIDER_TEXT,
        psk: wireSecret(simulator.keyAtEdge(tunnel) ?? "no key"),
        lastGeneratedOn: simulator.generatedOn(tunnel),
        ipsecId: `33145236_${tunnel}`,
        status: "active",
        stateVersion: 1,
      });
    });

    it("takes over the existing key, and generates nothing", async () => {
      const keyed = simulator.addTunnel({ psk: FAKE_KEY, lastGeneratedOn: "2026-03-01T12:00:00.123456789Z" });
      const lastGeneratedOn = "2026-03-01T12:00:00.123457Z";

      const { outs } = await host.create({ ...inputsFor(keyed), existingKey: { psk: FAKE_KEY, lastGeneratedOn } });

      expect(outs).toEqual({
        ...inputsFor(keyed),
        __provider: PROVIDER_TEXT,
        psk: wireSecret(FAKE_KEY),
        lastGeneratedOn,
        status: "active",
        existingKeyGeneratedOn: lastGeneratedOn,
        stateVersion: 1,
      });
      expect(generations(keyed)).toBe(0);
      expect(simulator.keyAtEdge(keyed)).toBe(FAKE_KEY);
    });

    it("refuses an existing key with another timestamp, without showing the key", async () => {
      const keyed = simulator.addTunnel({ psk: FAKE_KEY });
      const existingKey = { psk: FAKE_KEY, lastGeneratedOn: "2020-01-01T00:00:00Z" };

      const failure = await messageOf(host.create({ ...inputsFor(keyed), existingKey }));

      expect(failure).toContain("ERR_EXISTING_KEY_MISMATCH");
      expect(failure).not.toContain(FAKE_KEY);
      expect(generations(keyed)).toBe(0);
    });

    it("fails with the whole message of the error", async () => {
      const failure = await messageOf(host.create(inputsFor(ANOTHER)));

      expect(failure).toContain("(ERR_TUNNEL_NOT_FOUND)\nWhat to do: ");
      expect(failure).toContain("Cloudflare said: 1032 IPsec tunnel not found (HTTP 404, Ray ID ");
    });
  });

  describe("update()", () => {
    let tunnel: string;
    let state: Properties;

    beforeEach(async () => {
      tunnel = simulator.addTunnel();
      state = stored((await host.create(inputsFor(tunnel))).outs);
      simulator.clearRequests();
    });

    it("generates a key for a changed trigger, and keeps the trigger", async () => {
      const outs = await host.update(state, { ...inputsFor(tunnel), rotationTriggers: { quarter: "2026-Q4" } });

      expect(outs).toMatchObject({
        psk: wireSecret(simulator.keyAtEdge(tunnel) ?? "no key"),
        lastGeneratedOn: simulator.generatedOn(tunnel),
        rotationTriggers: { quarter: "2026-Q4" },
      });
      expect(stored(outs).psk).not.toBe(state.psk);
    });

    it("takes over an existing key in place of the stored one, after which diff() plans nothing", async () => {
      const psk = simulator.rotate(tunnel);
      const existingKey = { psk, lastGeneratedOn: simulator.generatedOn(tunnel) };
      const news = { ...inputsFor(tunnel), existingKey };

      const outs = await host.update(state, news);

      expect(outs).toMatchObject({
        psk: wireSecret(psk),
        ipsecId: state.ipsecId,
        existingKeyGeneratedOn: existingKey.lastGeneratedOn,
      });
      expect(generations(tunnel)).toBe(0);
      expect((await host.diff(stored(outs), news)).changes).toBe("none");
    });

    it('sends nothing with onExternalRotation "fail" if someone else rotated the key, and leaves the state as it is', async () => {
      const superseded = { ...state, status: "superseded", supersededOn: "2026-03-01T12:00:00.123456Z" };

      const failing = host.update(superseded, { ...inputsFor(tunnel), onExternalRotation: "fail" });

      await expect(failing).rejects.toThrow("ERR_EXTERNAL_ROTATION");
      await expect(failing).rejects.not.toBeInstanceOf(KeptFailure);
      expect(simulator.requests()).toEqual([]);
    });

    it("keeps the key if there is no reason for a new one, still as a secret", async () => {
      const outs = await host.update(state, { ...inputsFor(tunnel), validateInPreview: false });

      expect(outs.psk).toEqual(wireSecret(String(state.psk)));
      expect(generations(tunnel)).toBe(0);
    });
  });

  describe("read()", () => {
    let tunnel: string;
    let id: string;
    let state: Properties;

    beforeEach(async () => {
      tunnel = simulator.addTunnel();
      const created = await host.create(inputsFor(tunnel));
      id = created.id;
      state = stored(created.outs);
      simulator.clearRequests();
    });

    it("returns the stored key as a secret, with its timestamp", async () => {
      const read = await host.read(id, state);

      expect(read).toMatchObject({
        id,
        props: {
          psk: wireSecret(String(state.psk)),
          lastGeneratedOn: state.lastGeneratedOn,
          rotationTriggers: inputs.rotationTriggers,
        },
      });
    });

    it("generates nothing", async () => {
      await host.read(id, state);

      expect(generations(tunnel)).toBe(0);
    });

    it("marks the key as superseded if someone else rotated it, keeps key and timestamp, and diff() plans an update", async () => {
      simulator.rotate(tunnel);

      const { props } = await host.read(id, state);

      const { psk, lastGeneratedOn } = state;
      expect(stored(props)).toMatchObject({ psk, lastGeneratedOn, status: "superseded" });
      expect(relate(String(props.supersededOn), simulator.generatedOn(tunnel))).toBe("same");
      expect((await host.diff(stored(props), inputsFor(tunnel))).changes).toBe("some");
    });

    it("marks an unverified key as active, and diff() plans nothing", async () => {
      const { props } = await host.read(id, { ...state, status: "unverified" });

      expect(props.status).toBe("active");
      expect((await host.diff(stored(props), inputsFor(tunnel))).changes).toBe("none");
    });

    it("marks the key as lost if the tunnel no longer has one, and diff() plans an update", async () => {
      const keyless = simulator.addTunnel();

      const { props } = await host.read(`${simulator.accountId}/${keyless}`, { ...state, ipsecTunnelId: keyless });

      expect(stored(props)).toMatchObject({ psk: state.psk, status: "lost" });
      expect((await host.diff(stored(props), inputsFor(keyless))).changes).toBe("some");
    });

    it("returns an empty ID if Cloudflare says, with 404 and 1032, that the tunnel is gone", async () => {
      simulator.removeTunnel(tunnel);

      expect((await host.read(id, state)).id).toBe("");
    });

    it("fails for a 404 without 1032, because the tunnel may still exist", async () => {
      simulator.removeTunnel(tunnel);
      const remove = simulator.fault(
        { kind: "response", status: 404, body: "not found" },
        { tunnelId: tunnel, times: 9 },
      );

      await expect(host.read(id, state)).rejects.toThrow("ERR_REFUSED");

      remove();
    });
  });

  describe("delete()", () => {
    it("sends nothing to Cloudflare, and leaves the key active", async () => {
      const tunnel = simulator.addTunnel();
      const { id, outs } = await host.create(inputsFor(tunnel));
      const key = simulator.keyAtEdge(tunnel);
      simulator.clearRequests();

      await host.delete(id, stored(outs));

      expect(simulator.requests()).toEqual([]);
      expect(simulator.keyAtEdge(tunnel)).toBe(key);
    });
  });
});

describe("A fresh process of Pulumi's host", () => {
  let tunnel: string;

  beforeEach(async () => {
    await startBoth();
    tunnel = simulator.addTunnel();
  });
  afterEach(closeBoth);

  // The first call configures the provider, and the host does not make the others wait for that.
  it("generates keys for 24 tunnels in parallel", async () => {
    const tunnels = Array.from({ length: 24 }, () => simulator.addTunnel());

    const created = await Promise.all(tunnels.map((id) => host.create(inputsFor(id))));

    const keys = created.map(({ outs }) => stored(outs).psk);
    expect(keys).toEqual(tunnels.map((id) => simulator.keyAtEdge(id)));
    expect(new Set(keys).size).toBe(24);
  });

  it("prints one line with the tunnel, but without the key, for what Cloudflare says beside a success", async () => {
    const result = { ipsec_tunnel_id: tunnel, psk: FAKE_KEY };
    const messages = [{ code: 4242, message: `Your key ${FAKE_KEY}\nis fresh` }];
    const body = { success: true, errors: [], messages, result };
    simulator.fault({ kind: "response", status: 200, body }, { operations: ["generate"] });

    await host.create(inputsFor(tunnel));

    expect((await host.close()).split("\n")).toContain(
      `IPsec tunnel ${tunnel}: Cloudflare says: 4242 Your key [secret] is fresh`,
    );
  });

  it("prints one line with the tunnel for a wait", async () => {
    simulator.fault(faults.throttled({ retryAfterSeconds: 0 }));

    await host.create(inputsFor(tunnel));

    expect(await host.close()).toMatch(
      new RegExp(`^Cannot generate .* IPsec tunnel ${tunnel} .*trying again in [01] s$`, "m"),
    );
  });

  it("prints nothing for a failed create(), whose message is shown under the resource", async () => {
    await messageOf(host.create(inputsFor(ANOTHER)));

    expect(await host.close()).toBe("");
  });

  it.each<[string, () => Promise<unknown>]>([
    ["diff", () => host.diff(damaged, inputs)],
    ["read", () => host.read("fake-id", damaged)],
  ])("prints one short line for a failed %s(), and no stack trace", async (_verb, call) => {
    await expect(call()).rejects.toThrow("ERR_INVALID_STATE");

    expect(await host.close()).toBe("IpsecTunnelPsk: see the error under the resource\n");
  });

  it("does not show a credential that Cloudflare quotes", async () => {
    const errors = [{ code: 9109, message: `The token ${simulator.apiToken} is not valid` }];
    simulator.fault({ kind: "response", status: 403, body: { success: false, errors, messages: [], result: null } });

    const failure = await messageOf(host.create(inputsFor(tunnel)));

    expect(failure).toContain("The token [secret] is not valid");
    expect(failure + (await host.close())).not.toContain(simulator.apiToken);
  });

  it("shows neither keys nor the token in the whole life of a resource", async () => {
    const { id, outs } = await host.create(inputsFor(tunnel));
    const changed = stored(await host.update(stored(outs), { ...inputsFor(tunnel), rotationTriggers: {} }));
    await host.read(id, changed);
    await host.diff({ ...changed, status: "fake-status" }, inputsFor(tunnel)).catch(() => undefined);
    simulator.removeTunnel(tunnel);
    const failure = await messageOf(host.update(changed, inputsFor(tunnel)));
    await host.delete(id, changed);

    const shown = failure + (await host.close());

    expect(shown).toContain("ERR_TUNNEL_NOT_FOUND");
    expect(shown).toContain("see the error under the resource");
    const secrets = [simulator.apiToken, ...simulator.issuedKeys()];
    expect(secrets.length).toBeGreaterThanOrEqual(3);
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
  });
});

describe("A lost response in Pulumi's host", () => {
  let tunnel: string;
  const lost = { kind: "reset", effect: true } as const;
  const CHANGED = { rotationTriggers: { quarter: "2026-Q4" } };
  const QUICK: HostOptions = { config: { "cloudflare-ipsec-psk:lostResponseWaitMs": "1" } };
  // Time enough to kill the engine after a response was lost.
  const SLOW: HostOptions = { config: { "cloudflare-ipsec-psk:lostResponseWaitMs": "2000" } };

  async function startWith(settings: Partial<Settings>, options: HostOptions = {}): Promise<void> {
    await startBoth({ ...internally(settings), ...options });
    tunnel = simulator.addTunnel();
  }
  const stateOf = async () => stored((await host.create(inputsFor(tunnel))).outs);

  afterEach(closeBoth);

  it("to update() leaves the old state, marked as lost, so that the next up acts on it", async () => {
    await startWith({ maxGenerations: 1 });
    const state = await stateOf();
    simulator.fault(lost, { operations: ["generate"] });

    const kept = await keptOf(host.update(state, { ...inputsFor(tunnel), ...CHANGED }));

    expect(kept.id).toBe(`${simulator.accountId}/${tunnel}`);
    expect(kept.properties).toEqual({
      ...state,
      __provider: PROVIDER_TEXT,
      psk: wireSecret(String(state.psk)),
      status: "lost",
      // The old triggers may have been secret, which this process is not told.
      rotationTriggers: wireSecret(inputs.rotationTriggers),
    });
    expect(kept.reasons).toEqual([expect.stringContaining("ERR_OUTCOME_UNKNOWN")]);
    expect(simulator.keyAtEdge(tunnel)).not.toBe(state.psk);
  });

  it("to update() is repaired by the next update(), even with the old trigger", async () => {
    await startWith({ maxGenerations: 1 });
    simulator.fault(lost, { operations: ["generate"], after: 1 });
    const { properties } = await keptOf(host.update(await stateOf(), { ...inputsFor(tunnel), ...CHANGED }));

    expect((await host.diff(stored(properties), inputsFor(tunnel))).changes).toBe("some");
    const outs = await host.update(stored(properties), inputsFor(tunnel));

    expect(outs).toMatchObject({ status: "active", psk: wireSecret(simulator.keyAtEdge(tunnel) ?? "no key") });
  });

  it("ends update() if it is the second one with maxGenerations 2, and no message shows a key", async () => {
    await startWith({ maxGenerations: 2 }, QUICK);
    const state = await stateOf();
    simulator.fault(lost, { operations: ["generate"], times: 2 });

    const kept = await keptOf(host.update(state, { ...inputsFor(tunnel), ...CHANGED }));
    const printed = await host.close();

    expect(kept.properties.status).toBe("lost");
    expect(generations(tunnel)).toBe(3);
    expect(printed).toContain("generating a new key, because the lost one cannot be recovered");
    const shown = printed + kept.message + kept.reasons.join();
    expect(simulator.issuedKeys().filter((key) => shown.includes(key))).toEqual([]);
  });

  it("to create() leaves nothing, so that the next up creates again", async () => {
    await startWith({ maxGenerations: 1 });
    simulator.fault(lost, { operations: ["generate"] });

    const failing = host.create(inputsFor(tunnel));

    await expect(failing).rejects.toThrow("ERR_OUTCOME_UNKNOWN");
    await expect(failing).rejects.not.toBeInstanceOf(KeptFailure);
  });

  it("leads to another generation while the engine is running", async () => {
    await startWith({}, QUICK);
    simulator.fault(lost, { operations: ["generate"] });

    const { outs } = await host.create(inputsFor(tunnel));

    expect(outs).toMatchObject({ status: "active", psk: wireSecret(simulator.keyAtEdge(tunnel) ?? "no key") });
    expect(generations(tunnel)).toBe(2);
  });

  it("does not lead to another generation after the engine has exited, because the key would be lost", async () => {
    await startWith({}, SLOW);
    simulator.fault(lost, { operations: ["generate"] });

    const failing = expect(host.create(inputsFor(tunnel))).rejects.toThrow(
      /response was lost .* the Pulumi engine that started this operation has exited/,
    );
    await waitUntil("the response is lost", () => generations(tunnel) === 1);
    await host.killEngine();

    await failing;
    expect(generations(tunnel)).toBe(1);
  });

  it("to update() leaves the key marked as lost after the engine has exited", async () => {
    await startWith({}, SLOW);
    const state = await stateOf();
    simulator.fault(lost, { operations: ["generate"] });

    const failing = keptOf(host.update(state, { ...inputsFor(tunnel), ...CHANGED }));
    await waitUntil("the response is lost", () => generations(tunnel) === 2);
    await host.killEngine();

    expect((await failing).properties.status).toBe("lost");
    expect(generations(tunnel)).toBe(2);
  });
});

describe("An engine that has exited", () => {
  afterEach(closeBoth);

  it.each([[[]], [["--logtostderr", "-v=9"]]])(
    "with the flags %j gets no key, even from a first request",
    async (flags) => {
      await startBoth({ flags });
      const tunnel = simulator.addTunnel();
      await host.killEngine();

      await expect(host.create(inputsFor(tunnel))).rejects.toThrow("ERR_ENGINE_GONE");
      await expect(host.create({ ...inputsFor(tunnel), psk: "fake-key-for-tests-only-1234567890" })).rejects.toThrow(
        "ERR_ENGINE_GONE",
      );
      expect(simulator.keyAtEdge(tunnel)).toBeUndefined();
    },
  );
});

describe("Settings in Pulumi's host", () => {
  afterEach(closeBoth);

  it("that are wrong fail a call that needs them, and the message names key and value", async () => {
    await startBoth({ config: { "cloudflare-ipsec-psk:lostResponseWaitMs": "many" } });

    const failure = await messageOf(host.create(inputsFor(simulator.addTunnel())));

    expect(failure).toContain("(ERR_INVALID_SETTING)");
    expect(failure).toContain(
      'Cannot use cloudflare-ipsec-psk:lostResponseWaitMs: it must be a whole number from 0 to 999999999, but is "many"',
    );
    expect(simulator.requests()).toEqual([]);
  });

  it("of an explicit Provider name it if Cloudflare refuses its credential", async () => {
    simulator = await startSimulator();
    await startHost({ config: { ...inConfig(FAKE_TOKEN), "cloudflare-ipsec-psk:provider": "emea" } });

    await expect(host.create(inputsFor(simulator.addTunnel()))).rejects.toThrow(
      'The credential came from apiToken of Provider "emea"',
    );
  });
});

describe("Credentials in Pulumi's host", () => {
  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(closeBoth);

  const create = () => host.create(inputsFor(simulator.addTunnel()));

  it("are required: if none are configured, the error names both ways to set them", async () => {
    await startHost();

    const failure = await messageOf(create());

    expect(failure).toContain("ERR_NO_CREDENTIALS");
    expect(failure).toContain("pulumi config set --secret cloudflare:apiToken");
    expect(failure).toContain("CLOUDFLARE_API_TOKEN");
  });

  it("come from the environment if the stack has none", async () => {
    await startHost({ env: inEnvironment(simulator.apiToken) });

    await expect(create()).resolves.toHaveProperty("outs.psk");
  });

  it("are required even if the environment variable is set but empty", async () => {
    await startHost({ env: inEnvironment("") });

    await expect(create()).rejects.toThrow("ERR_NO_CREDENTIALS");
  });

  it("are not sent through a SOCKS proxy, which is refused without showing its password", async () => {
    const env = {
      ...inEnvironment(FAKE_TOKEN),
      CLOUDFLARE_BASE_URL: "",
      ALL_PROXY: "socks5://user:fake-password@proxy",
    };
    await startHost({ env });

    const failure = await messageOf(create());

    expect(failure).toContain("Cannot use the proxy from environment variable ALL_PROXY: it is a SOCKS proxy");
    expect(failure).not.toContain("fake-password");
  });

  it("come from the stack even if the environment has some", async () => {
    await startHost({ config: inConfig(simulator.apiToken), env: inEnvironment(FAKE_TOKEN) });

    await expect(create()).resolves.toHaveProperty("outs.psk");
  });

  it.each([
    ["the stack", "stack config cloudflare:apiToken", () => ({ config: inConfig(FAKE_TOKEN) })],
    ["the environment", "environment variable CLOUDFLARE_API_TOKEN", () => ({ env: inEnvironment(FAKE_TOKEN) })],
  ])("from %s are named by their origin if Cloudflare refuses them", async (_what, origin, options) => {
    await startHost(options());

    const failure = await messageOf(create());

    expect(failure).toContain("ERR_NOT_AUTHORIZED");
    expect(failure).toContain(`The credential came from ${origin}`);
    expect(failure).not.toContain(FAKE_TOKEN);
  });

  // A refresh or destroy gets the configuration of the last `up`, which surprises a user who has just changed a token.
  it("from the stack are refused with the hint that a refresh uses those of the last up", async () => {
    await startHost({ config: inConfig(FAKE_TOKEN) });

    await expect(create()).rejects.toThrow(
      "use the stack configuration of the last `up`: after a change, run `pulumi up --refresh --run-program`",
    );
  });
});
