import { once } from "../../src/once";
import { createPreflight } from "../../src/preview/preflight";
import { connect, environment } from "../../src/connection/connection";
import { DEFAULTS, type ProviderSettings } from "../../src/connection/settings";
import type { Inputs } from "../../src/psk/inputs";
import { UNKNOWN } from "../../src/psk/sentinels";
import type { StoredState } from "../../src/psk/state";
import { faults, type Simulator, type SimulatorOptions, startSimulator, type TunnelOptions } from "../../src/simulator";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const TUNNEL = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const KEYLESS = "dddddddddddddddddddddddddddddddd";
const OTHER = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
const PSK = "a-fake-key-of-the-program-for-tests-only";
const OLD = "a-fake-key-for-tests-only";

const inputs: Inputs = { accountId: ACCOUNT, ipsecTunnelId: TUNNEL, psk: PSK };
const withKey: TunnelOptions = { id: TUNNEL, psk: OLD, lastGeneratedOn: "2026-03-01T12:00:00.123456Z" };
const generated: StoredState = {
  accountId: ACCOUNT,
  ipsecTunnelId: TUNNEL,
  psk: OLD,
  lastGeneratedOn: "2026-03-01T12:00:00.123456Z",
  status: "active",
  stateVersion: 1,
};
const stored: StoredState = { ...generated, isSet: true };

const ACCEPTED = "Cloudflare would accept this (validate_only: nothing was persisted).";
const UNPROVEN =
  "Not validated: validate_only gets your key only after a test on a tunnel without a key has shown that this changes nothing, and the account has no such tunnel. The tunnel exists.";

describe("createPreflight() of a key that the program gives", () => {
  let simulator: Simulator;
  let lines: string[];

  async function start(tunnels: readonly TunnelOptions[], options: SimulatorOptions = {}): Promise<void> {
    simulator = await startSimulator({ accounts: [{ id: ACCOUNT, tunnels }], ...options });
    lines = [];
  }
  afterEach(() => simulator.close());

  function preflight(settings: Partial<ProviderSettings> = {}) {
    const source = environment({ CLOUDFLARE_API_TOKEN: simulator.apiToken, CLOUDFLARE_BASE_URL: simulator.url });
    const connection = once(() => connect([source], DEFAULTS));
    const check = createPreflight({
      connect: () => Promise.resolve(connection()),
      settings: () => Promise.resolve({ ...DEFAULTS, ...settings }),
      now: () => Date.parse("2026-03-02T00:00:00Z"),
    });
    const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };
    return (planned: Inputs = inputs, state: StoredState | "none" = stored) =>
      check(
        { inputs: planned, state: state === "none" ? undefined : state, isSecret: () => false, claim: () => undefined },
        log,
      );
  }

  const requests = () => simulator.requests().map(({ operation, tunnelId }) => `${operation} ${tunnelId ?? ""}`.trim());
  const verdict = () => lines.at(-1)?.split("\n").at(-1);

  it("warns of a key that can be guessed, and not of one that is kept", async () => {
    await start([withKey]);
    const weak = { ...inputs, psk: "ThePasswordOfTheTunnel2026" };
    const warnings = () => lines.filter((line) => line.startsWith("psk can be guessed: "));

    await preflight()(weak);
    expect(warnings()).toHaveLength(1);
    await preflight()(weak, { ...stored, psk: weak.psk });
    expect(warnings()).toHaveLength(1);
  });

  it("proves on a tunnel without a key that validating is harmless, then validates the key for its own tunnel", async () => {
    await start([withKey, { id: KEYLESS }]);

    await preflight()();

    expect(requests()).toEqual(["list", `validateSet ${KEYLESS}`, "list", `validateSet ${TUNNEL}`]);
    expect(verdict()).toBe(ACCEPTED);
    // What was shown in responses: a made-up key, then the real one.
    const [, madeUp, real] = simulator.issuedKeys();
    expect(madeUp).toMatch(/^[0-9a-f]{48}$/);
    expect(real).toBe(PSK);
    expect([simulator.keyAtEdge(TUNNEL), simulator.keyAtEdge(KEYLESS)]).toEqual([OLD, undefined]);
  });

  it("proves it once in a process, and apart from that of a generation", async () => {
    await start([withKey, { id: KEYLESS }, { id: OTHER }]);
    const check = preflight();

    await check();
    await check({ ...inputs, ipsecTunnelId: OTHER }, "none");
    await check({ accountId: ACCOUNT, ipsecTunnelId: TUNNEL });

    expect(requests().slice(4)).toEqual([`validateSet ${OTHER}`, `validate ${KEYLESS}`, "list"]);
  });

  it("checks the list if no tunnel is without a key, and says so", async () => {
    await start([withKey]);

    await preflight()();

    expect(requests()).toEqual(["list"]);
    expect(verdict()).toBe(UNPROVEN);
  });

  it("checks the list if the tunnels without a key refuse the made-up one", async () => {
    await start([withKey, { id: KEYLESS }, { id: OTHER }]);
    simulator.fault({ kind: "unapplied" }, { tunnelId: KEYLESS });
    simulator.fault({ kind: "unapplied" }, { tunnelId: OTHER });

    await preflight()();

    expect(requests()).toEqual(["list", `validateSet ${KEYLESS}`, `validateSet ${OTHER}`]);
    expect(verdict()).toBe(UNPROVEN);
  });

  it("checks the list if psk is known only after up", async () => {
    await start([withKey, { id: KEYLESS }]);

    await preflight()({ ...inputs, psk: UNKNOWN });

    expect(requests()).toEqual(["list"]);
    expect(lines.join("\n")).toContain(
      "A key may be set, or generated if psk turns out to be missing, active immediately: psk is known only after up.",
    );
    expect(verdict()).toBe("Not validated: psk is known only after up. The tunnel exists.");
  });

  it.each([
    ["if psk is unknown", UNKNOWN],
    ["if nothing can be proven", PSK],
  ])("fails for a tunnel that does not exist, even %s", async (_what, psk) => {
    await start([{ ...withKey, id: OTHER }]);

    await expect(preflight()({ ...inputs, psk }, "none")).rejects.toMatchObject({
      code: "ERR_TUNNEL_NOT_FOUND",
      details: { summary: expect.stringMatching(/^Cannot set the key of IPsec tunnel/) as string },
    });
  });

  it("sends no real key if validating is not harmless, and fails", async () => {
    await start([withKey, { id: KEYLESS }], { assumptions: { validatePersists: true } });

    await expect(preflight()()).rejects.toMatchObject({
      code: "ERR_VALIDATION_PERSISTS",
      details: {
        summary: expect.stringContaining(`validate_only has set a key on IPsec tunnel ${KEYLESS}, although`) as string,
      },
    });
    expect(simulator.issuedKeys()).not.toContain(PSK);
    expect(simulator.keyAtEdge(TUNNEL)).toBe(OLD);
  });

  it("fails with what Cloudflare says about the key, and does not quote it", async () => {
    await start([withKey, { id: KEYLESS }]);
    simulator.fault({ kind: "unapplied", reason: `${PSK} is too weak` }, { tunnelId: TUNNEL });

    const failure = await preflight()().catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: "ERR_REFUSED" });
    expect((failure as Error).message).toContain("Cloudflare said: [secret] is too weak (HTTP 200");
  });

  it("fails with the two ways out if the endpoint is missing", async () => {
    await start([withKey, { id: KEYLESS }]);
    simulator.fault({ kind: "response", status: 405 }, { operations: ["validateSet"] });

    await expect(preflight()()).rejects.toMatchObject({ code: "ERR_SET_UNSUPPORTED" });
  });

  it("warns and goes on if the question stays open", async () => {
    await start([withKey, { id: KEYLESS }]);
    simulator.fault(faults.serverError(500), { operations: ["validateSet"] });

    await preflight()();

    expect(verdict()).toContain("Not validated: Cannot set the key of IPsec tunnel");
  });

  it("validates no more tunnels than maxPreviewValidations", async () => {
    await start([withKey, { id: KEYLESS }, { id: OTHER }]);
    const check = preflight({ maxPreviewValidations: 1 });

    await check();
    await check({ ...inputs, ipsecTunnelId: OTHER }, "none");

    expect(requests().filter((request) => request === `validateSet ${OTHER}`)).toEqual([]);
    expect(verdict()).toContain("this preview has validated 1 tunnels (maxPreviewValidations)");
  });

  it.each<[string, Inputs, StoredState | "none", string]>([
    [
      "a creation",
      inputs,
      "none",
      "The key that the program gives will be set, active immediately: the resource of tunnel",
    ],
    ["a change", inputs, stored, "The key that the program gives will be set, active immediately: psk changed."],
    [
      "an addition",
      inputs,
      generated,
      "The key that the program gives will be set, active immediately: the program now gives psk, which is not the key in the state.",
    ],
    [
      "a removal",
      { accountId: ACCOUNT, ipsecTunnelId: TUNNEL },
      stored,
      "A new key will be generated, active immediately: psk was removed from the program.",
    ],
  ])("says which key is coming: %s", async (_what, planned, state, text) => {
    await start([withKey]);

    await preflight()({ ...planned, validateInPreview: false }, state);

    expect(lines.join("\n")).toContain(text);
    expect(lines.join("\n")).not.toContain(PSK);
  });
});
