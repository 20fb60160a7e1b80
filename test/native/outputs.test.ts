import { foreseenOutputs, outputsOf, staleOutputs } from "../../src/native/outputs";
import { type Properties, Secret, secrecyOf } from "../../src/native/wire";
import type { Inputs, ResolvedInputs } from "../../src/psk/inputs";
import { type Plan, planCreation, planRotation } from "../../src/psk/rotation";
import { UNKNOWN } from "../../src/psk/sentinels";
import type { StoredState } from "../../src/psk/state";

const accountId = "0123456789abcdef0123456789abcdef";
const ipsecTunnelId = "fedcba9876543210fedcba9876543210";
const PUBLIC = secrecyOf();
const STATE: StoredState = {
  accountId,
  ipsecTunnelId,
  psk: "fake-key-for-tests-only",
  lastGeneratedOn: "2026-03-01T23:59:00Z",
  ipsecId: `33145236_${ipsecTunnelId}`,
  status: "active",
  stateVersion: 1,
};
const NAMING = { ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: "2026-11-30T07:01:05.040555Z" };
const IDENTITIES = {
  fqdnId: `${ipsecTunnelId}.33145236.ipsec.cloudflare.com`,
  userFqdnId: `ipsec@${ipsecTunnelId}.33145236.ipsec.cloudflare.com`,
  keyId: `33145236_${ipsecTunnelId}`,
};

describe("outputsOf()", () => {
  it("adds what TypeScript programs derive: identities, and the date of the next rotation", () => {
    expect(outputsOf(STATE, { rotateAfterDays: 90 }, PUBLIC)).toEqual({
      ...STATE,
      psk: new Secret(STATE.psk),
      ...IDENTITIES,
      nextRotationOn: "2026-05-30",
    });
  });

  it("moves the date of the next rotation as the tunnel's ID spreads it", () => {
    const spread = { rotateAfterDays: 90, rotateSpreadDays: 14 };
    const dates = ["0", "1", "2", "3"].map((end) => {
      const state = { ...STATE, ipsecTunnelId: `${ipsecTunnelId.slice(1)}${end}` };
      return outputsOf(state, spread, PUBLIC).nextRotationOn;
    });

    expect(dates).toEqual(["2026-05-28", "2026-05-27", "2026-05-30", "2026-05-29"]);
  });

  it("leaves out what cannot be derived", () => {
    const { ipsecId, lastGeneratedOn, ...bare } = STATE;

    expect(ipsecId && lastGeneratedOn && outputsOf(bare, { rotateAfterDays: 90 }, PUBLIC)).toEqual({
      ...bare,
      psk: new Secret(STATE.psk),
    });
  });

  it("derives identities from conduitId only if Cloudflare sent no ipsec_id", () => {
    const { ipsecId, ...bare } = STATE;

    expect(outputsOf(bare, { conduitId: "77" }, PUBLIC).keyId).toBe(`77_${ipsecTunnelId}`);
    expect(outputsOf(STATE, { conduitId: "77" }, PUBLIC).keyId).toBe(ipsecId);
  });

  it("has every output of a state that the dynamic resource reads, under the same names", () => {
    const marks = { localGeneratedOn: "2026-03-01T20:00:00Z", supersededOn: "2026-03-02T00:00:00Z" };
    const state: StoredState = { ...STATE, ...marks, existingKeyGeneratedOn: "2026-02-01T00:00:00Z" };

    expect(outputsOf(state, {}, PUBLIC)).toMatchObject({ ...state, psk: new Secret(STATE.psk) });
  });

  describe("marks as secret", () => {
    it.each<[string, Properties, readonly string[]]>([
      ["nothing but the key of public arguments", {}, ["psk"]],
      [
        "a secret ID, and what it is part of",
        { ipsecTunnelId: new Secret("") },
        ["fqdnId", "ipsecTunnelId", "keyId", "nextRotationOn", "psk", "userFqdnId"],
      ],
      [
        "a secret name, and the ID that it leads to",
        { ipsecTunnelName: new Secret("") },
        ["fqdnId", "ipsecTunnelId", "ipsecTunnelName", "keyId", "nextRotationOn", "psk", "userFqdnId"],
      ],
      [
        "a secret pin, and the ID that it leads to",
        { ipsecTunnelCreatedOn: new Secret("") },
        ["fqdnId", "ipsecTunnelCreatedOn", "ipsecTunnelId", "keyId", "nextRotationOn", "psk", "userFqdnId"],
      ],
      ["what a secret conduitId is part of", { conduitId: new Secret("") }, ["fqdnId", "keyId", "psk", "userFqdnId"]],
      ["the date that a secret age leads to", { rotateAfterDays: new Secret(1) }, ["nextRotationOn", "psk"]],
      ["the date that a secret spread moves", { rotateSpreadDays: new Secret(1) }, ["nextRotationOn", "psk"]],
      ["secret triggers as a whole", { rotationTriggers: new Secret({}) }, ["psk", "rotationTriggers"]],
    ])("%s", (_what, inputs, secrets) => {
      const state = { ...STATE, ...NAMING, rotationTriggers: { quarter: "Q1" } };
      const outputs = outputsOf(state, { rotateAfterDays: 1 }, secrecyOf(inputs));

      expect(
        Object.keys(outputs)
          .filter((name) => outputs[name] instanceof Secret)
          .sort(),
      ).toEqual(secrets);
    });

    it("one secret trigger, and not the others", () => {
      const rotationTriggers = { quarter: "Q1", ticket: "fake" };
      const isSecret = secrecyOf({ rotationTriggers: { quarter: "Q2", ticket: new Secret("fake") } });

      expect(outputsOf({ ...STATE, rotationTriggers }, {}, isSecret).rotationTriggers).toEqual({
        quarter: "Q1",
        ticket: new Secret("fake"),
      });
    });
  });
});

describe("foreseenOutputs()", () => {
  const inputs: ResolvedInputs = { accountId, ipsecTunnelId, rotationTriggers: { quarter: "Q2" }, rotateAfterDays: 30 };
  const creation = (changes: Partial<ResolvedInputs> = {}) => {
    const changed = { ...inputs, ...changes };
    return foreseenOutputs(planCreation(changed), undefined, changed, PUBLIC);
  };

  it("of a creation knows the arguments, and nothing of the key", () => {
    expect(creation()).toEqual({
      accountId,
      ipsecTunnelId,
      rotationTriggers: { quarter: "Q2" },
      psk: new Secret(UNKNOWN),
      lastGeneratedOn: UNKNOWN,
      ipsecId: UNKNOWN,
      fqdnId: UNKNOWN,
      userFqdnId: UNKNOWN,
      keyId: UNKNOWN,
      nextRotationOn: UNKNOWN,
      status: UNKNOWN,
      stateVersion: 1,
    });
  });

  it("of a creation by name knows no ID, because another tunnel may have the name by then", () => {
    const named = { accountId, ipsecTunnelName: "branch-1" };

    expect(foreseenOutputs(planCreation(named), undefined, named, PUBLIC)).toMatchObject({
      ...named,
      ipsecTunnelId: UNKNOWN,
      fqdnId: UNKNOWN,
      userFqdnId: UNKNOWN,
      keyId: UNKNOWN,
    });
  });

  it.each<[string, Inputs, Plan["kind"]]>([
    ["the same name", { accountId, ipsecTunnelName: "branch-1", rotationTriggers: { quarter: "Q2" } }, "generate"],
    ["a name that no list shows", { accountId, ipsecTunnelName: "paris" }, "find"],
  ])("of an update keeps the ID under %s, so that dependents stay known", (_what, news, kind) => {
    const before = { ...STATE, ...NAMING };
    const plan = kind === "find" ? ({ kind } as const) : planRotation(before, { ...news, ipsecTunnelId }, 0);

    expect(plan.kind).toBe(kind);
    expect(foreseenOutputs(plan, before, news, PUBLIC)).toMatchObject({
      ipsecTunnelId,
      ipsecTunnelName: news.ipsecTunnelName,
      ...IDENTITIES,
    });
  });

  it("of a rotation knows the identities, because a tunnel keeps its name", () => {
    const plan = planRotation(STATE, inputs, 0);

    expect(foreseenOutputs(plan, STATE, inputs, PUBLIC)).toMatchObject({
      ...IDENTITIES,
      ipsecId: STATE.ipsecId,
      psk: new Secret(UNKNOWN),
      nextRotationOn: UNKNOWN,
    });
  });

  it("of an existing key knows when it is due", () => {
    const existingKey = { psk: "fake-existing-key", lastGeneratedOn: "2026-02-01T00:00:00.5Z" };

    expect(creation({ existingKey })).toMatchObject({
      psk: new Secret(UNKNOWN),
      lastGeneratedOn: "2026-02-01T00:00:00.5Z",
      nextRotationOn: "2026-03-03",
      status: "active",
    });
  });

  it("of an existing key of which only the second is known promises no timestamp", () => {
    const existingKey = { psk: "fake-existing-key", lastGeneratedOn: "2026-02-01T00:00:00Z" };

    expect(creation({ existingKey })).toMatchObject({
      lastGeneratedOn: UNKNOWN,
      nextRotationOn: UNKNOWN,
      status: "active",
    });
  });

  it("of a key that the program gives knows that key", () => {
    expect(creation({ psk: "fake-given-key" }).psk).toEqual(new Secret("fake-given-key"));
  });

  it("has no date while the spread is unknown", () => {
    const existingKey = { psk: "fake-existing-key", lastGeneratedOn: "2026-02-01T00:00:00.5Z" };

    expect(creation({ existingKey, rotateSpreadDays: UNKNOWN as unknown as number }).nextRotationOn).toBe(UNKNOWN);
  });

  it("has no date without rotateAfterDays", () => {
    const { rotateAfterDays, ...ageless } = inputs;

    expect(rotateAfterDays && foreseenOutputs(planCreation(ageless), undefined, ageless, PUBLIC)).not.toHaveProperty(
      "nextRotationOn",
    );
  });

  it("knows nothing that depends on an unknown argument", () => {
    const unknown = UNKNOWN as unknown as number;
    const { ipsecId, ...bare } = STATE;
    const changed = { ...inputs, conduitId: UNKNOWN, rotateAfterDays: unknown };

    expect(ipsecId && foreseenOutputs(planRotation(bare, changed, 0), bare, changed, PUBLIC)).toMatchObject({
      fqdnId: UNKNOWN,
      userFqdnId: UNKNOWN,
      keyId: UNKNOWN,
      nextRotationOn: UNKNOWN,
    });
  });
});

describe("staleOutputs()", () => {
  const stored = outputsOf(STATE, { rotateAfterDays: 90 }, PUBLIC);

  it("finds nothing where nothing changes", () => {
    expect(staleOutputs(stored, outputsOf(STATE, { rotateAfterDays: 90 }, PUBLIC))).toEqual({});
  });

  it("finds a date that moves, appears or goes", () => {
    const kindFrom = (before: number | undefined, after: number | undefined) => {
      const outputs = (rotateAfterDays: number | undefined) =>
        outputsOf(STATE, rotateAfterDays === undefined ? {} : { rotateAfterDays }, PUBLIC);
      return staleOutputs(outputs(before), outputs(after)).nextRotationOn?.kind;
    };

    expect([kindFrom(90, 30), kindFrom(undefined, 30), kindFrom(30, undefined)]).toEqual(["update", "add", "delete"]);
  });

  it("finds a trigger that became a secret", () => {
    const rotationTriggers = { ticket: "fake" };
    const state = { ...STATE, rotationTriggers };
    const hidden = outputsOf(state, {}, secrecyOf({ rotationTriggers: { ticket: new Secret("fake") } }));

    expect(staleOutputs(outputsOf(state, {}, PUBLIC), hidden)).toEqual({
      rotationTriggers: { kind: "update", in: "outputs" },
    });
  });

  it("finds the identities that a state of the dynamic resource lacks, and passes over its provider's text", () => {
    const dynamic = { ...STATE, psk: new Secret(STATE.psk), __provider: "text" };

    expect(staleOutputs(dynamic, outputsOf(STATE, {}, PUBLIC))).toEqual({
      fqdnId: { kind: "add", in: "outputs" },
      userFqdnId: { kind: "add", in: "outputs" },
      keyId: { kind: "add", in: "outputs" },
    });
  });

  it("passes over marks that additionalSecretOutputs adds, as a whole or to one trigger", () => {
    const outputs = outputsOf({ ...STATE, rotationTriggers: { a: "1", b: "2" } }, { rotateAfterDays: 90 }, PUBLIC);
    const all = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, new Secret(value)]));

    expect(staleOutputs({ ...all, psk: outputs.psk }, outputs)).toEqual({});
    expect(staleOutputs({ ...outputs, rotationTriggers: { a: new Secret("1"), b: "2" } }, outputs)).toEqual({});
  });

  it("finds a value that changes under such a mark", () => {
    const marked = { ...stored, nextRotationOn: new Secret(stored.nextRotationOn) };

    expect(staleOutputs(marked, outputsOf(STATE, { rotateAfterDays: 30 }, PUBLIC))).toEqual({
      nextRotationOn: { kind: "update", in: "outputs" },
    });
  });

  it("finds a key that is not a secret in the state", () => {
    expect(staleOutputs({ ...stored, psk: STATE.psk }, stored)).toEqual({ psk: { kind: "update", in: "outputs" } });
  });
});
