import * as provider from "../../src/dynamic/dynamic-provider";
import { PROVIDER_TEXT } from "../../src/dynamic/provider-text";
import { idOf } from "../../src/psk/state";
import { faults, type Simulator, startSimulator } from "../../src/simulator";
import type { TunnelRef } from "../../src/tunnel";
import { wireSecret } from "../support/dynamic-provider-host";
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
