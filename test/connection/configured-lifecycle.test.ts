import { configureLifecycle } from "../../src/connection/configured-lifecycle";
import { PartialFailure } from "../../src/psk/partial-failure";
import type { StoredState } from "../../src/psk/state";
import { type Simulator, startSimulator } from "../../src/simulator";
import type { TunnelRef } from "../../src/tunnel";
import { configOf } from "../dynamic/config-of";

let simulator: Simulator;
let tunnel: TunnelRef;
let lines: string[];

beforeEach(async () => {
  lines = [];
  simulator = await startSimulator();
  tunnel = { accountId: simulator.accountId, ipsecTunnelId: simulator.addTunnel() };
});
afterEach(() => simulator.close());

const lifecycleWith = (get: (key: string) => string | undefined) =>
  configureLifecycle(get, {
    announce: () => undefined,
    requireEngine: () => Promise.resolve(),
    tell: (line) => void lines.push(line),
  });
const sent = () => simulator.requests().map(({ operation }) => operation);

async function created(): Promise<StoredState> {
  const state = await lifecycleWith(configOf(simulator)).create(tunnel);
  simulator.clearRequests();
  return state;
}

describe("configureLifecycle()", () => {
  it("reads no configuration before it is needed", () => {
    const read = jest.fn<string | undefined, [string]>();

    lifecycleWith(read);

    expect(read).not.toHaveBeenCalled();
  });

  it("opens one connection for all operations, which share lists", async () => {
    const lifecycle = lifecycleWith(configOf(simulator));

    const state = await lifecycle.create(tunnel);
    await Promise.all([lifecycle.read(state), lifecycle.read(state)]);

    expect(state.psk).toBe(simulator.keyAtEdge(tunnel.ipsecTunnelId));
    expect(sent()).toEqual(["generate", "get", "list"]);
  });

  it.each([
    ["a setting", { "cloudflare-ipsec-psk:lostResponseWaitMs": "-1" }, "ERR_INVALID_SETTING"],
    ["a credential", { "cloudflare:apiToken": "Bearer fake" }, "ERR_INVALID_CREDENTIALS"],
    ["a base URL", { "cloudflare:baseUrl": "http://api.example.com" }, "ERR_INVALID_BASE_URL"],
  ])("returns one whose every operation fails for %s that is malformed", async (_what, changes, code) => {
    const state = await created();
    const lifecycle = lifecycleWith(configOf(simulator, changes));
    const update = lifecycle.update(state, { ...tunnel, rotationTriggers: { a: "2" } });

    for (const operation of [lifecycle.create(tunnel), lifecycle.read(state), update]) {
      const failure: unknown = await operation.catch((error: unknown) => error);
      expect(failure).toMatchObject({ code });
      expect(failure).not.toBeInstanceOf(PartialFailure);
    }
    expect(sent()).toEqual([]);
  });

  it("looks for drift in a diff, with a list of its own", async () => {
    const state = await created();
    simulator.rotate(tunnel.ipsecTunnelId);
    const lifecycle = lifecycleWith(configOf(simulator));

    await expect(lifecycle.diff(state, tunnel)).resolves.toMatchObject({ kind: "generate" });
    await expect(lifecycle.read(state)).resolves.toMatchObject({ status: "superseded" });

    expect(sent()).toEqual(["list", "list"]);
  });

  it("does not look for drift with detectDrift: false", async () => {
    const state = await created();
    simulator.rotate(tunnel.ipsecTunnelId);
    const lifecycle = lifecycleWith(configOf(simulator, { "cloudflare-ipsec-psk:detectDrift": "false" }));

    await expect(lifecycle.diff(state, tunnel)).resolves.toEqual({ kind: "keep" });

    expect(sent()).toEqual([]);
    expect(lines).toEqual([]);
  });

  describe("for a tunnel that is named by its name", () => {
    const named = async () => {
      simulator.addTunnel({ name: "branch-1" });
      const inputs = { accountId: tunnel.accountId, ipsecTunnelName: "branch-1" };
      const state = await lifecycleWith(configOf(simulator)).create(inputs);
      simulator.clearRequests();
      return { inputs, state };
    };
    const withoutDrift = () => configOf(simulator, { "cloudflare-ipsec-psk:detectDrift": "false" });

    it("diffs with the one list of the look for drift", async () => {
      const { inputs, state } = await named();

      await expect(lifecycleWith(configOf(simulator)).diff(state, inputs)).resolves.toEqual({ kind: "keep" });

      expect(sent()).toEqual(["list"]);
    });

    it("diffs a name that did not change without a request with detectDrift: false", async () => {
      const { inputs, state } = await named();

      await expect(lifecycleWith(withoutDrift()).diff(state, inputs)).resolves.toEqual({ kind: "keep" });

      expect(sent()).toEqual([]);
    });

    it("looks up a name that changed with detectDrift: false, and plans what follows", async () => {
      const { state } = await named();
      simulator.addTunnel({ name: "paris" });
      const inputs = { accountId: tunnel.accountId, ipsecTunnelName: "paris" };

      await expect(lifecycleWith(withoutDrift()).diff(state, inputs)).resolves.toMatchObject({ kind: "replace" });

      // A second one, because the first may be older than the change.
      expect(sent()).toEqual(["list", "list"]);
    });
  });

  it.each([
    ["a setting", { "cloudflare-ipsec-psk:lostResponseWaitMs": "-1" }],
    ["a credential", { "cloudflare:apiToken": "Bearer fake" }],
  ])("returns one whose diff fails for nothing if %s is malformed, and says so in one line", async (_what, changes) => {
    const state = await created();
    const lifecycle = lifecycleWith(configOf(simulator, changes));

    await expect(lifecycle.diff(state, tunnel)).resolves.toEqual({ kind: "keep" });
    await expect(lifecycle.diff(state, tunnel)).resolves.toEqual({ kind: "keep" });

    expect(lines).toEqual([expect.stringMatching(/^Drift was not checked in account [0-9a-f]{32}: Cannot /) as string]);
  });
});
