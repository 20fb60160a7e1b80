import { once } from "../../src/once";
import { createPreflight, type PlannedResource } from "../../src/preview/preflight";
import { connect, environment } from "../../src/connection/connection";
import { DEFAULTS, type ProviderSettings } from "../../src/connection/settings";
import type { Inputs } from "../../src/psk/inputs";
import type { StoredState } from "../../src/psk/state";
import { faults, type Simulator, startSimulator } from "../../src/simulator";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const TUNNELS = ["a", "b", "c", "d", "e", "f", "1", "2"].map((digit) => digit.repeat(32));
const [TUNNEL = ""] = TUNNELS;
const GENERATED_ON = "2026-03-01T12:00:00.123456Z";
const FAKE_KEY = "a-fake-key-for-tests-only";
const NOW = Date.parse("2026-06-02T00:00:00Z");

const inputs: Inputs = { accountId: ACCOUNT, ipsecTunnelId: TUNNEL };
const listOnly: Inputs = { ...inputs, validateInPreview: false };
const state: StoredState = {
  accountId: ACCOUNT,
  ipsecTunnelId: TUNNEL,
  psk: FAKE_KEY,
  lastGeneratedOn: GENERATED_ON,
  status: "active",
  stateVersion: 1,
};

describe("createPreflight(), for a resource that has drifted since it was stored,", () => {
  let simulator: Simulator;
  let lines: string[];

  beforeEach(async () => {
    lines = [];
    simulator = await startSimulator({ accounts: [{ id: ACCOUNT, tunnels: TUNNELS.map((id) => ({ id })) }] });
  });
  afterEach(() => simulator.close());

  function start(settings: Partial<ProviderSettings> = {}, apiToken = simulator.apiToken) {
    const source = environment({ CLOUDFLARE_API_TOKEN: apiToken, CLOUDFLARE_BASE_URL: simulator.url });
    const connection = once(() => connect([source], { ...DEFAULTS, lagWaitMs: 0 }));
    const preflight = createPreflight({
      connect: () => Promise.resolve().then(connection),
      settings: () => Promise.resolve({ ...DEFAULTS, ...settings }),
      now: () => NOW,
    });
    const note = (line: string) => void lines.push(line);
    return (planned: Partial<PlannedResource> = {}) =>
      preflight(
        { inputs, state, isSecret: () => false, claim: () => undefined, ...planned },
        { info: note, warn: note },
      );
  }

  const operations = () => simulator.requests().map(({ operation }) => operation);
  const rotatedOn = () => {
    simulator.rotate(TUNNEL);
    return simulator.generatedOn(TUNNEL) ?? "";
  };

  it("names the times of both keys", async () => {
    const supersededOn = rotatedOn();

    await start()();

    expect(lines.join("\n")).toContain("A new key will be generated, active immediately: ");
    expect(lines.join("\n")).toContain(GENERATED_ON);
    expect(lines.join("\n")).toContain(supersededOn.slice(0, 19));
    expect(lines.join("\n")).toContain("Cloudflare would accept this");
    expect(lines.join("\n")).not.toMatch(/the last (run|update) failed/);
  });

  it("looks at the list that the validation reads anyway", async () => {
    simulator.rotate(TUNNEL);

    await start()();

    // Before the first validation of a process comes the proof that it is harmless: list, validate, list.
    expect(operations().slice(0, 2)).toEqual(["list", "validate"]);
  });

  it("looks by one list alone with validateInPreview: false", async () => {
    const supersededOn = rotatedOn();

    await start()({ inputs: listOnly });

    expect(operations()).toEqual(["list"]);
    expect(lines.join("\n")).toContain(supersededOn.slice(0, 19));
    expect(lines.join("\n")).toContain("Not validated: validateInPreview is false.");
  });

  it.each([
    ["with a validation", inputs],
    ["by the list alone", listOnly],
  ])('refuses the rotation with onExternalRotation "fail", %s', async (_how, asked) => {
    simulator.rotate(TUNNEL);

    await expect(start()({ inputs: { ...asked, onExternalRotation: "fail" } })).rejects.toMatchObject({
      code: "ERR_EXTERNAL_ROTATION",
    });
    expect(operations()).not.toContain("validate");
  });

  it("says that the key will be verified if Cloudflare shows no other key", async () => {
    await start()({ state: { ...state, lastGeneratedOn: rotatedOn() } });

    expect(lines.join("\n")).toContain("The key will be verified, and replaced only if it is no longer active");
  });

  it("does not look with detectDrift: false", async () => {
    simulator.rotate(TUNNEL);

    await start({ detectDrift: false })({ inputs: listOnly });

    expect(operations()).toEqual([]);
    expect(lines.join("\n")).toContain("The key will be verified");
  });

  it("does not look if there is a reason to generate already", async () => {
    await start()({ inputs: { ...listOnly, rotationTriggers: { quarter: "2026-Q3" } } });

    expect(operations()).toEqual([]);
  });

  it("says that a key is lost if two reads show the tunnel without one", async () => {
    await start()({ inputs: listOnly });

    expect(operations()).toEqual(["list", "list", "get", "get"]);
    expect(lines.join("\n")).toContain("A new key will be generated");
  });

  it("reads at most five tunnels alone in one preview", async () => {
    const preflight = start();

    for (const ipsecTunnelId of TUNNELS)
      await preflight({ inputs: { ...listOnly, ipsecTunnelId }, state: { ...state, ipsecTunnelId } });

    expect(operations()).toEqual(["list", "list", ...Array<string>(5).fill("get")]);
  });

  it("says by one more list which keys are lost, if that shows the key of another tunnel", async () => {
    const [other = "", ...keyless] = TUNNELS;
    simulator.rotate(other);
    const preflight = start();

    for (const ipsecTunnelId of keyless)
      await preflight({ inputs: { ...listOnly, ipsecTunnelId }, state: { ...state, ipsecTunnelId } });

    expect(operations()).toEqual(["list", "list"]);
    expect(lines.filter((line) => line.includes("A new key will be generated"))).toHaveLength(7);
  });

  it.each<[string, () => unknown]>([
    [
      "a list that Cloudflare cannot answer",
      () => simulator.fault(faults.serverError(500), { operations: ["list"], times: Infinity }),
    ],
    [
      "a list that is refused",
      () => {
        simulator.revokeToken(simulator.apiToken);
      },
    ],
    ["a list without a response", () => simulator.fault({ kind: "reset", effect: false }, { times: Infinity })],
    [
      "a read that fails",
      () => simulator.fault({ kind: "reset", effect: false }, { operations: ["get"], times: Infinity }),
    ],
  ])("fails nothing for %s with validateInPreview: false", async (_what, arrange) => {
    arrange();

    await start()({ inputs: listOnly });

    expect(lines).toEqual([
      expect.stringMatching(/^The key will be verified.*\nNot validated: validateInPreview is false\.$/) as string,
    ]);
  });

  it("fails nothing for a list that takes longer than a preview may, with validateInPreview: false", async () => {
    simulator.fault({ kind: "silence", effect: false }, { operations: ["list"], times: Infinity });

    await start({ previewTimeoutMs: 200 })({ inputs: listOnly });

    expect(lines).toEqual([expect.stringContaining("Not validated: validateInPreview is false.") as string]);
  });

  it("fails nothing for credentials that cannot be used, with validateInPreview: false", async () => {
    await start({}, '"fake"')({ inputs: listOnly });

    expect(operations()).toEqual([]);
    expect(lines).toHaveLength(1);
  });
});
