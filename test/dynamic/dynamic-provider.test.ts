import * as provider from "../../src/dynamic/dynamic-provider";
import { PROVIDER_TEXT } from "../../src/dynamic/provider-text";
import type { Inputs } from "../../src/psk/inputs";
import { ACCOUNT_OF_TUNNEL, UNKNOWN } from "../../src/psk/sentinels";
import { idOf } from "../../src/psk/state";
import { faults, type Simulator, startSimulator } from "../../src/simulator";
import type { TunnelRef } from "../../src/tunnel";
import { type Properties, stored, wireSecret } from "../support/dynamic-provider-host";
import { configOf } from "./config-of";

// The waits between attempts take no time here; in Pulumi's host they are real.
jest.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

describe("read()", () => {
  let simulator: Simulator;
  let state: Record<string, unknown> & TunnelRef;
  let printed: jest.SpyInstance<boolean>;

  beforeEach(async () => {
    simulator = await startSimulator();
    printed = jest.spyOn(process.stdout, "write").mockReturnValue(true);
    state = {
      accountId: simulator.accountId,
      ipsecTunnelId: simulator.addTunnel({ psk: "a-fake-key-for-tests-only" }),
      psk: "a-fake-key-for-tests-only",
      status: "active",
      stateVersion: 1,
    };
    provider.configure({ config: { get: configOf(simulator) } });
  });

  afterEach(async () => {
    printed.mockRestore();
    await simulator.close();
  });

  it("fails for a 500 that persists, because the tunnel may still exist", async () => {
    simulator.fault(faults.serverError(500), { times: Infinity });

    await expect(provider.read(idOf(state), state)).rejects.toThrow("ERR_UNAVAILABLE");
  });

  it("succeeds after a single 500", async () => {
    simulator.fault(faults.serverError(500));

    await expect(provider.read(idOf(state), state)).resolves.toMatchObject({ id: idOf(state) });
  });
});

describe("diff() of a resource that would be kept", () => {
  const inputs = { accountId: "0".repeat(32), ipsecTunnelId: "1".repeat(32) };
  const state = { ...inputs, psk: "a-fake-key-for-tests-only", status: "active", stateVersion: 1 };

  beforeEach(() => {
    provider.configure({ config: { get: (key) => (key.endsWith("detectDrift") ? "false" : undefined) } });
  });

  it("plans nothing", async () => {
    await expect(provider.diff(idOf(inputs), { ...state, __provider: PROVIDER_TEXT }, inputs)).resolves.toEqual({
      changes: false,
    });
  });

  it("plans an update if the stored outputs lack the provider text, because the native provider wrote them", async () => {
    await expect(provider.diff(idOf(inputs), state, inputs)).resolves.toEqual({ changes: true });
  });
});

describe("diff() of a tunnel that the program names in another way than the state", () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator();
    provider.configure({
      config: { get: configOf(simulator, { "cloudflare-ipsec-psk:detectDrift": "false" }) },
    });
  });

  afterEach(() => simulator.close());

  it("looks that up once, although it writes no state", async () => {
    const { accountId } = simulator;
    const byId = { accountId, ipsecTunnelId: simulator.addTunnel({ name: "branch-1" }) };
    const byName = { accountId, ipsecTunnelName: "branch-1" };
    const state = {
      ...byId,
      psk: "a-fake-key-for-tests-only",
      status: "active",
      stateVersion: 1,
      __provider: PROVIDER_TEXT,
    };
    const planned = async (lastInputs: object) => {
      await provider.check(lastInputs, byName);
      return provider.diff(idOf(byId), state, byName);
    };

    expect(await planned(byName)).toEqual({ changes: false });
    expect(simulator.requests()).toHaveLength(0);
    expect(await planned(byId)).toEqual({ changes: false });
    expect(simulator.requests()).toHaveLength(1);
  });
});

describe("update() that loses its key", () => {
  const OLD = { ticket: "a-fake-secret-trigger" };
  let simulator: Simulator;
  let state: Record<string, unknown> & TunnelRef;

  beforeEach(async () => {
    simulator = await startSimulator();
    const ipsecTunnelId = simulator.addTunnel({ psk: "a-fake-key-for-tests-only" });
    const ids = { accountId: simulator.accountId, ipsecTunnelId };
    state = { ...ids, rotationTriggers: OLD, psk: "a-fake-key-for-tests-only", status: "active", stateVersion: 1 };
    jest.spyOn(process.stdout, "write").mockReturnValue(true);
    provider.configure({ config: { get: configOf(simulator) } });
    simulator.fault({ kind: "reset", effect: true }, { operations: ["generate"], times: Infinity });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await simulator.close();
  });

  const kept = async (rotationTriggers: Record<string, string> | undefined, changes: object = {}) => {
    const { accountId, ipsecTunnelId } = state;
    const inputs = { accountId, ipsecTunnelId, rotationTriggers, ...changes } as unknown as Parameters<
      typeof provider.update
    >[2];
    return provider.update(idOf(state), state, inputs).then(
      () => undefined,
      (failure: unknown) => (failure as { readonly properties: object }).properties,
    );
  };

  // The engine marks stored values by the *new* inputs, which may be public although the old ones were secret.
  it.each([{ ticket: "public" }, undefined])("keeps the old triggers as a secret beside %j", async (news) => {
    expect(await kept(news)).toMatchObject({ rotationTriggers: wireSecret(OLD), status: "lost" });
  });

  it("leaves triggers that did not change to the engine", async () => {
    state.lastGeneratedOn = "2020-01-01T00:00:00Z";

    expect(await kept(OLD, { rotateAfterDays: 1 })).toMatchObject({
      rotationTriggers: OLD,
      status: "lost",
    });
  });
});

describe("check() of a tunnel", () => {
  const accountId = "0".repeat(32);
  const named = { accountId, ipsecTunnelName: "branch-1" };

  it("drops the account that the class passes beside the tunnel, because it is not an input", async () => {
    await expect(provider.check({}, { ...named, [ACCOUNT_OF_TUNNEL]: accountId })).resolves.toEqual({
      inputs: named,
      failures: [],
    });
  });

  it("refuses another account beside the tunnel", async () => {
    const reason = "accountId differs from the account of tunnel: remove accountId, because tunnel already provides it";

    await expect(provider.check({}, { ...named, [ACCOUNT_OF_TUNNEL]: "1".repeat(32) })).resolves.toMatchObject({
      failures: [{ property: "", reason }],
    });
  });
});

describe("A tunnel that is named by its name", () => {
  const KEPT = { changes: false };
  let simulator: Simulator;
  let tunnelId: string;
  let named: Inputs;
  let printed: jest.SpyInstance<boolean>;

  beforeEach(async () => {
    simulator = await startSimulator();
    printed = jest.spyOn(process.stdout, "write").mockReturnValue(true);
    tunnelId = simulator.addTunnel({ name: "branch-1" });
    named = { accountId: simulator.accountId, ipsecTunnelName: "branch-1" };
    nextPhase();
  });

  afterEach(async () => {
    printed.mockRestore();
    await simulator.close();
  });

  const sent = () => simulator.requests().map(({ operation }) => operation);
  const PROGRAM = { __provider: PROVIDER_TEXT };

  /** Another process, which has not looked at the edge yet. */
  function nextPhase(changes: Readonly<Record<string, string>> = {}): void {
    simulator.clearRequests();
    provider.configure({ config: { get: configOf(simulator, changes) } });
  }

  /** Creates a key, and returns what the engine keeps of it. */
  async function created(inputs: Inputs = named): Promise<{ readonly id: string; readonly olds: Properties }> {
    const result = await provider.create({ ...inputs, ...PROGRAM });
    return { id: result.id, olds: { ...stored(result.outs as Properties), ...PROGRAM } };
  }

  async function failureOfUpdate(id: string, olds: Properties, news: Inputs): Promise<Properties> {
    const failing = provider.update(id, olds, { ...news, ...PROGRAM });
    return (failing as Promise<unknown>).then(
      () => ({}),
      (failure: unknown) => failure as Properties,
    );
  }

  it("create() has the resolved ID in the resource's ID, and stores the name and the precise pin", async () => {
    const { id, olds } = await created();

    expect(id).toBe(`${simulator.accountId}/${tunnelId}`);
    expect(olds).toMatchObject({
      ...named,
      ipsecTunnelId: tunnelId,
      ipsecTunnelCreatedOn: expect.stringMatching(/\.\d{6}Z$/) as string,
      psk: simulator.keyAtEdge(tunnelId),
    });
  });

  it("create() fails for a name that the account lacks, and leaves nothing", async () => {
    const failure: unknown = await created({ ...named, ipsecTunnelName: "branch-2" }).catch((error: unknown) => error);

    expect((failure as Error).message).toContain('Cannot find IPsec tunnel "branch-2"');
    expect((failure as Error).message).toContain('it has "branch-1"');
    expect(failure).not.toHaveProperty("properties");
    expect(sent()).not.toContain("generate");
  });

  it.each<[string, Readonly<Record<string, string>>, string[]]>([
    ["with the one list of the look for drift", {}, ["list"]],
    ["without a request with detectDrift: false", { "cloudflare-ipsec-psk:detectDrift": "false" }, []],
  ])("diff() keeps what is the same %s", async (_what, changes, requests) => {
    const { id, olds } = await created();
    nextPhase(changes);

    await expect(provider.diff(id, olds, named)).resolves.toEqual(KEPT);
    expect(sent()).toEqual(requests);
  });

  it("diff() plans no step when the program moves between the ways to name the tunnel", async () => {
    const { accountId } = simulator;
    const byId: Inputs = { accountId, ipsecTunnelId: tunnelId };
    const ipsecTunnelCreatedOn = String((await created()).olds.ipsecTunnelCreatedOn);
    nextPhase();
    const { id, olds } = await created(byId);

    for (const news of [named, { ...named, ipsecTunnelCreatedOn }, byId]) {
      nextPhase();
      await expect(provider.diff(id, olds, news)).resolves.toEqual(KEPT);
    }
  });

  it.each([{ ipsecTunnelName: UNKNOWN }, { ipsecTunnelName: "paris", ipsecTunnelCreatedOn: UNKNOWN }])(
    "diff() plans no replacement for %j",
    async (changes) => {
      const { id, olds } = await created();
      nextPhase();

      await expect(provider.diff(id, olds, { ...named, ...changes })).resolves.toEqual(KEPT);
    },
  );

  it("diff() replaces if the list shows another tunnel of the name, and tells the engine, whose inputs are the same", async () => {
    const { id, olds } = await created();
    simulator.removeTunnel(tunnelId);
    simulator.addTunnel({ name: "branch-1" });
    nextPhase();

    await expect(provider.diff(id, olds, named)).resolves.toEqual({
      changes: true,
      replaces: ["ipsecTunnelId"],
      deleteBeforeReplace: false,
    });
  });

  it("diff() replaces for the pin of another second, even if no list shows the new tunnel yet", async () => {
    const { id, olds } = await created();
    nextPhase();

    const news = { ...named, ipsecTunnelCreatedOn: "2030-01-01T00:00:00Z" };
    await expect(provider.diff(id, olds, news)).resolves.toMatchObject({ replaces: ["ipsecTunnelId"] });
  });

  it("diff() leaves a name that the account lacks to update(), which fails and leaves the state as it is", async () => {
    const { id, olds } = await created();
    nextPhase();
    const news = { ...named, ipsecTunnelName: "branch-2" };

    await expect(provider.diff(id, olds, news)).resolves.toEqual({ changes: true });
    const failure = await failureOfUpdate(id, olds, news);

    expect(failure.message).toContain('it has "branch-1"');
    expect(failure).not.toHaveProperty("properties");
  });

  it("update() that loses its key keeps the resolved ID", async () => {
    const { id, olds } = await created();
    simulator.fault({ kind: "reset", effect: true }, { operations: ["generate"], times: Infinity });

    const failure = await failureOfUpdate(id, olds, { ...named, rotationTriggers: { quarter: "Q2" } });

    expect(failure).toMatchObject({ id, properties: { ipsecTunnelId: tunnelId, ...named, status: "lost" } });
  });

  it("create() refuses a second key by the tunnel's ID before it generates", async () => {
    await created();
    simulator.clearRequests();

    const second = created({ accountId: simulator.accountId, ipsecTunnelId: tunnelId });
    await expect(second).rejects.toThrow(
      'already belongs to another IpsecTunnelPsk, which names it by ipsecTunnelName "branch-1"',
    );
    expect(sent()).toEqual([]);
  });

  it("has lines that name the tunnel as the program does, each once", async () => {
    const body = { success: true, result: { ipsec_tunnels: [{ id: tunnelId, name: "branch-1" }] } };
    simulator.fault({ kind: "response", status: 200, body }, { operations: ["list"] });
    simulator.fault(faults.html(403), { operations: ["get"] });

    await created({ ...named, ipsecTunnelCreatedOn: "2026-11-30T07:01:05Z" });

    expect(printed.mock.calls.map(([line]) => String(line))).toEqual([
      expect.stringMatching(/^ipsecTunnelCreatedOn was not compared, .* tunnel "branch-1" was created\n$/),
      expect.stringMatching(/^IPsec tunnel "branch-1": the key could not be verified/),
    ]);
  });
});

describe("configure()", () => {
  const broken = {
    config: {
      get(): never {
        throw new Error("A fake configuration that cannot be read");
      },
    },
  };

  // A failure here would be ignored, and everything after it would run without a configuration.
  it("reads nothing, so that it cannot fail", () => {
    expect(() => {
      provider.configure(broken);
    }).not.toThrow();
  });
});
