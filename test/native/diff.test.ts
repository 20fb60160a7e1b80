import { changed, plannedDifference } from "../../src/native/diff";
import { Secret } from "../../src/native/wire";

const INPUT = (kind: string) => ({ kind, in: "inputs" });
const OUTPUT = { kind: "update", in: "outputs" };

describe("changed()", () => {
  const stale = { nextRotationOn: { kind: "update", in: "outputs" } } as const;

  it("shows the inputs that explain a changed output, and not the output", () => {
    expect(changed({ rotateAfterDays: 90 }, { rotateAfterDays: 30 }, stale).properties).toEqual({
      rotateAfterDays: INPUT("update"),
    });
  });

  it("shows the output where no input explains it", () => {
    expect(changed({ rotateAfterDays: 90 }, { rotateAfterDays: 90 }, stale).properties).toEqual(stale);
  });
});

describe("plannedDifference()", () => {
  const generate = (...reasons: Extract<Parameters<typeof plannedDifference>[0], { reasons: unknown }>["reasons"]) =>
    ({ kind: "generate", reasons }) as const;

  it("shows each changed trigger by its own path", () => {
    const olds = { rotationTriggers: { same: "1", changed: "1", removed: "1" } };
    const news = { rotationTriggers: { same: "1", changed: new Secret("2"), added: "1" } };
    const plan = generate({ kind: "triggerChanged", trigger: "changed", from: "1", to: "2" });

    expect(plannedDifference(plan, olds, news)).toEqual({
      changes: true,
      properties: {
        "rotationTriggers.changed": INPUT("update"),
        "rotationTriggers.removed": INPUT("delete"),
        "rotationTriggers.added": INPUT("add"),
      },
    });
  });

  // The engine refuses an update whose paths it cannot read.
  it("shows triggers as a whole where the engine could not read their names", () => {
    const olds = { rotationTriggers: { "a.b": "1" } };
    const news = { rotationTriggers: { "a.b": "2" } };
    const plan = generate({ kind: "triggerChanged", trigger: "a.b", from: "1", to: "2" });

    expect(plannedDifference(plan, olds, news).properties).toEqual({ rotationTriggers: INPUT("update") });
  });

  it.each([
    ["superseded", { kind: "superseded" }, "status"],
    ["lost", { kind: "lost" }, "status"],
    ["too old", { kind: "tooOld", ageInDays: 91, rotateAfterDays: 90 }, "lastGeneratedOn"],
    ["incompatible", { kind: "incompatible", consumers: ["aws"] }, "psk"],
  ] as const)("shows a key that is %s in an output, because the inputs are the same", (_why, reason, output) => {
    expect(plannedDifference(generate(reason), { a: 1 }, { a: 1 }).properties).toEqual({ [output]: OUTPUT });
  });

  it("shows the triggers that a failed update left in the outputs", () => {
    const plan = generate({ kind: "triggerChanged", trigger: "a", from: "1", to: "2" });
    const inputs = { rotationTriggers: { a: "2" } };

    expect(plannedDifference(plan, inputs, inputs).properties).toEqual({ rotationTriggers: OUTPUT });
  });

  it("shows what else changes beside a reason", () => {
    expect(plannedDifference(generate({ kind: "lost" }), { conduitId: "1" }, { conduitId: "2" }).properties).toEqual({
      status: OUTPUT,
      conduitId: INPUT("update"),
    });
  });

  it("replaces for another tunnel", () => {
    const plan = { kind: "replace", properties: ["ipsecTunnelId"] } as const;

    expect(plannedDifference(plan, { ipsecTunnelId: "a" }, { ipsecTunnelId: "b" })).toEqual({
      changes: true,
      replaces: ["ipsecTunnelId"],
      properties: { ipsecTunnelId: INPUT("replace") },
    });
  });

  it("replaces for another tunnel of the same name, which no input shows", () => {
    const plan = { kind: "replace", properties: ["ipsecTunnelId"] } as const;
    const inputs = { ipsecTunnelName: "branch-1" };

    expect(plannedDifference(plan, inputs, inputs)).toEqual({
      changes: true,
      replaces: ["ipsecTunnelId"],
      properties: { ipsecTunnelId: { kind: "replace", in: "outputs" } },
    });
  });

  it("replaces for another name of another tunnel, and shows the name", () => {
    const plan = { kind: "replace", properties: ["ipsecTunnelId"] } as const;

    expect(plannedDifference(plan, { ipsecTunnelName: "branch-1" }, { ipsecTunnelName: "paris" })).toEqual({
      changes: true,
      replaces: ["ipsecTunnelId"],
      properties: { ipsecTunnelId: { kind: "replace", in: "outputs" }, ipsecTunnelName: INPUT("update") },
    });
  });

  it("updates in place to find a tunnel that no list shows", () => {
    const olds = { ipsecTunnelId: "a" };

    expect(plannedDifference({ kind: "find" }, olds, { ipsecTunnelName: "paris" })).toEqual({
      changes: true,
      properties: { ipsecTunnelId: INPUT("delete"), ipsecTunnelName: INPUT("add") },
    });
  });

  it("updates in place to take over a key, and to refuse someone else's", () => {
    const key = { psk: "fake", lastGeneratedOn: "2026-03-01T12:00:00Z" };
    const takeOver = plannedDifference({ kind: "takeOver", key }, {}, { existingKey: { psk: new Secret("fake") } });
    const refuse = plannedDifference({ kind: "refuse", reason: { kind: "superseded" } }, {}, {});

    expect(takeOver.properties).toEqual({ psk: OUTPUT, existingKey: INPUT("add") });
    expect(refuse.properties).toEqual({ status: OUTPUT });
  });

  it("shows the key that the program gives, and a given key that is gone", () => {
    const given = { psk: new Secret("fake") };
    const set = { kind: "set", reasons: [{ kind: "pskAdded" }] } as const;

    expect(plannedDifference(set, {}, given).properties).toEqual({ psk: INPUT("add") });
    expect(plannedDifference(generate({ kind: "pskRemoved" }), given, {}).properties).toEqual({ psk: INPUT("delete") });
  });

  it("compares values and not their marks", () => {
    const news = { rotationTriggers: { a: new Secret("1") } };

    expect(plannedDifference(generate({ kind: "lost" }), { rotationTriggers: { a: "1" } }, news).properties).toEqual({
      status: OUTPUT,
    });
  });
});
