import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Inputs } from "../../src/psk/inputs";
import { UNKNOWN } from "../../src/psk/sentinels";
import {
  idOf,
  markLost,
  markSuperseded,
  readState,
  requireWellFormed,
  STATE_VERSION,
  type StatedKey,
  stateAfter,
  stateKept,
  stateOf,
  stateOfExisting,
  type StoredState,
} from "../../src/psk/state";
import { VERSION } from "../../src/version";
import { everythingIn, failureOf } from "../support/failure-of";
import { accountId, bareState, fakeKey, ipsecTunnelId, storedState } from "./support";

const folder = join(__dirname, "../state");
const inputs = {
  accountId,
  ipsecTunnelId,
  rotationTriggers: { a: "2" },
  rotateAfterDays: 90,
  onExternalRotation: "fail",
  compatibleWith: ["aws"],
  conduitId: "33145236",
  validateInPreview: false,
} as const;

const releases = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));

describe("readState()", () => {
  it.each(releases)("returns everything in the state that release %s wrote", (release) => {
    const outputs = JSON.parse(readFileSync(join(folder, `${release}.json`), "utf8")) as unknown;

    expect(readState(outputs)).toEqual(outputs);
  });

  it("is tested with a state of this release", () => {
    expect(releases).toContain(VERSION);
  });

  it.each([
    ["whole", storedState],
    ["with triggers", { ...storedState, rotationTriggers: { a: "1" } }],
    ["without what Cloudflare may leave out", bareState],
    ["active", { ...storedState, status: "active" }],
    ["superseded", { ...storedState, status: "superseded" }],
    ["superseded, and when", { ...storedState, status: "superseded", supersededOn: "2026-03-02T12:00:00Z" }],
    ["with an existing key", { ...storedState, existingKeyGeneratedOn: "2026-03-01T12:00:00.123457Z" }],
    ["lost", { ...storedState, status: "lost" }],
    ["with the tunnel's name", { ...storedState, ipsecTunnelName: "branch-1" }],
    [
      "with the tunnel's name and creation time",
      { ...storedState, ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: "2026-11-30T07:01:05.040555Z" },
    ],
  ])("returns a state as it was: %s", (_what, state) => {
    expect(readState(JSON.parse(JSON.stringify(state)))).toStrictEqual(state);
  });

  it("drops properties of others", () => {
    expect(readState({ ...storedState, __provider: "exports.handler=…" })).toStrictEqual(storedState);
  });

  it.each<[string, unknown, string]>([
    ["no key", { ...storedState, psk: undefined }, "psk"],
    ["a key that is wrapped", { ...storedState, psk: { value: fakeKey } }, "psk"],
    ["no account", { ...storedState, accountId: undefined }, "accountId"],
    ["a timestamp that is a number", { ...storedState, lastGeneratedOn: 5 }, "lastGeneratedOn"],
    ["a trigger that is a number", { ...storedState, rotationTriggers: { a: 5 } }, "rotationTriggers.a"],
    ["another status", { ...storedState, status: fakeKey }, "status"],
    ["no version", { ...storedState, stateVersion: undefined }, "stateVersion"],
    ["version 0", { ...storedState, stateVersion: 0 }, "stateVersion"],
    ["version 0.5", { ...storedState, stateVersion: 0.5 }, "stateVersion"],
    ["a tunnel's name that is empty", { ...storedState, ipsecTunnelName: "" }, "ipsecTunnelName"],
    [
      "a creation time that cannot be compared",
      { ...storedState, ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: "yesterday" },
      "ipsecTunnelCreatedOn",
    ],
    ["a supersededOn that is a number", { ...storedState, supersededOn: 5 }, "supersededOn"],
    [
      "an existingKeyGeneratedOn that is null",
      { ...storedState, existingKeyGeneratedOn: null },
      "existingKeyGeneratedOn",
    ],
    ["an account that is a path", { ...storedState, accountId: "../../../evil" }, "accountId"],
    ["an account with a character too many", { ...storedState, accountId: `${accountId}0` }, "accountId"],
    ["an empty key", { ...storedState, psk: "" }, "psk"],
    ...["lastGeneratedOn", "localGeneratedOn", "supersededOn", "existingKeyGeneratedOn", "unmovedTimestamp"].map(
      (name): [string, unknown, string] => [`a text for ${name}`, { ...storedState, [name]: "yesterday" }, name],
    ),
    [
      "a trigger with a strange name",
      { ...storedState, rotationTriggers: { "\u001b[2J": 5 } },
      'rotationTriggers["\\u001b[2J"]',
    ],
    ["two things wrong", { ...storedState, psk: 1, ipsecId: 2 }, "psk, ipsecId"],
  ])("names what is damaged, without its value: %s", (_what, outputs, names) => {
    const failure = failureOf(() => readState(outputs));

    expect(failure).toMatchObject({
      code: "ERR_INVALID_STATE",
      details: {
        summary: `Cannot read the stored state of IPsec tunnel ${ipsecTunnelId}: it is damaged in ${names}`,
        remedy: expect.stringContaining("`pulumi state edit`") as string,
      },
    });
    expect(everythingIn(failure)).not.toContain(fakeKey);
  });

  it("takes the tunnel's name from the resource's ID if the outputs do not have it", () => {
    const outputs = { ...storedState, ipsecTunnelId: "../../evil" };

    expect(failureOf(() => readState(outputs, `${accountId}/${ipsecTunnelId}`)).details.summary).toBe(
      `Cannot read the stored state of IPsec tunnel ${ipsecTunnelId}: it is damaged in ipsecTunnelId`,
    );
    expect(failureOf(() => readState(outputs, "a/../../evil")).details.summary).toBe(
      "Cannot read the stored state of the resource: it is damaged in ipsecTunnelId",
    );
  });

  it("takes IDs in either case, in the outputs and in the resource's ID", () => {
    const outputs = { ...storedState, accountId: accountId.toUpperCase() };

    expect(readState(outputs, idOf(storedState))).toStrictEqual(storedState);
    expect(readState(storedState, idOf(outputs))).toStrictEqual(storedState);
  });

  it.each([
    ["another tunnel", `${accountId}/${"f".repeat(32)}`],
    ["another account", `${"f".repeat(32)}/${ipsecTunnelId}`],
    ["a path", "../../evil"],
    ["nothing", ""],
  ])("rejects a resource's ID that names %s", (_what, id) => {
    expect(failureOf(() => readState(storedState, id)).details.summary).toMatch(
      /: it is damaged in id, which names another tunnel than accountId and ipsecTunnelId$/,
    );
  });

  it.each([undefined, null, "", []])("rejects anything that is not a state: %j", (outputs) => {
    expect(failureOf(() => readState(outputs)).code).toBe("ERR_INVALID_STATE");
  });

  const later = STATE_VERSION + 1;
  it.each([
    ["of the same shape", { ...storedState, stateVersion: later }],
    ["of another shape", { ...storedState, status: "rotating", psk: undefined, stateVersion: later }],
  ])("asks for an upgrade if a later release wrote the state: %s", (_what, outputs) => {
    expect(failureOf(() => readState(outputs))).toMatchObject({
      code: "ERR_INVALID_STATE",
      details: {
        summary: `Cannot read the stored state of IPsec tunnel ${ipsecTunnelId}: a later release wrote it (version ${later}, known ${STATE_VERSION})`,
        remedy: "Upgrade pulumi-cloudflare-ipsec-psk.",
      },
    });
  });
});

describe("requireWellFormed()", () => {
  it.each<[string, unknown, string]>([
    ["an account that is a path", { accountId: "../../../evil", ipsecTunnelId }, "inputs.accountId"],
    ["a tunnel that is missing", { accountId }, "inputs.ipsecTunnelId"],
    ["an age that is a text", { accountId, ipsecTunnelId, rotateAfterDays: fakeKey }, "inputs.rotateAfterDays"],
    ["a conduit ID that is a path", { accountId, ipsecTunnelId, conduitId: "../1" }, "inputs.conduitId"],
    [
      "an existing key whose timestamp is no timestamp",
      { accountId, ipsecTunnelId, existingKey: { psk: fakeKey, lastGeneratedOn: "yesterday" } },
      "inputs.existingKey.lastGeneratedOn",
    ],
  ])("names inputs in the state that are damaged, without their values: %s", (_what, damaged, name) => {
    const failure = failureOf(() => {
      requireWellFormed(damaged as Inputs, storedState);
    });

    expect(failure).toMatchObject({
      code: "ERR_INVALID_STATE",
      details: { summary: `Cannot read the stored state of IPsec tunnel ${ipsecTunnelId}: it is damaged in ${name}` },
    });
    expect(everythingIn(failure)).not.toContain(fakeKey);
  });

  it.each<[string, object]>([
    ["are complete", inputs],
    ["hold a key that this release refuses", { psk: " quoted " }],
    ["take over such a key", { existingKey: { psk: "'quoted'", lastGeneratedOn: "2026-03-01T12:00:00Z" } }],
    ["are unknown", { rotateAfterDays: UNKNOWN, compatibleWith: [UNKNOWN] }],
  ])("accepts inputs that %s", (_what, others) => {
    expect(() => {
      requireWellFormed({ accountId, ipsecTunnelId, ...others }, storedState);
    }).not.toThrow();
  });
});

const kept = { accountId, ipsecTunnelId, rotationTriggers: { a: "2" } };
const newKey: StatedKey = {
  psk: "fake-new-key-for-tests-only",
  lastGeneratedOn: "2026-04-01T12:00:00Z",
  status: "active",
};
const before: StoredState = {
  ...storedState,
  localGeneratedOn: "2026-03-01T15:00:00Z",
  rotationTriggers: { a: "1" },
  status: "superseded",
  supersededOn: "2026-03-02T12:00:00Z",
  existingKeyGeneratedOn: "2026-02-01T12:00:00Z",
};

const naming = { ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: "2026-11-30T07:01:05.040555Z" };

describe("stateOf()", () => {
  it("stores the key, and of the inputs only what the next diff needs", () => {
    expect(stateOf(inputs, newKey)).toStrictEqual({ ...kept, ...newKey, stateVersion: STATE_VERSION });
  });

  it("stores how the program names the tunnel beside its ID, and when that was created to the microsecond", () => {
    expect(stateOf({ ...inputs, ...naming }, newKey)).toStrictEqual({
      ...kept,
      ...naming,
      ...newKey,
      stateVersion: STATE_VERSION,
    });
  });

  it("stores no triggers if the program has none", () => {
    expect(stateOf({ accountId, ipsecTunnelId }, newKey)).not.toHaveProperty("rotationTriggers");
  });

  it("writes a state that readState() returns unchanged", () => {
    const state = stateOf(inputs, { ...newKey, ipsecId: "1_2", localGeneratedOn: "2026-04-01T15:00:00Z" });

    expect(readState(JSON.parse(JSON.stringify(state)))).toStrictEqual(state);
  });
});

describe("stateAfter()", () => {
  it("keeps the IKE identity and the timestamp of the existing key, and nothing else of the old key", () => {
    expect(stateAfter(before, inputs, newKey)).toStrictEqual({
      ...kept,
      ...newKey,
      ipsecId: before.ipsecId,
      existingKeyGeneratedOn: before.existingKeyGeneratedOn,
      stateVersion: STATE_VERSION,
    });
  });

  it("takes a new IKE identity over", () => {
    expect(stateAfter(before, inputs, { ...newKey, ipsecId: "7_7" }).ipsecId).toBe("7_7");
  });

  it("keeps the tunnel's name if it is given the old state as inputs", () => {
    expect(stateAfter({ ...before, ...naming }, { ...before, ...naming }, newKey)).toMatchObject(naming);
  });

  it("forgets the tunnel's name if the program gives its ID", () => {
    expect(stateAfter({ ...before, ...naming }, inputs, newKey)).toStrictEqual(stateAfter(before, inputs, newKey));
  });

  it("keeps the old triggers if it is given the old state as inputs", () => {
    expect(stateAfter(before, before, newKey).rotationTriggers).toEqual({ a: "1" });
  });

  it("invents nothing that the old state lacks", () => {
    const state = stateAfter(bareState, { accountId, ipsecTunnelId }, { psk: newKey.psk, status: "unverified" });

    expect(state).toStrictEqual({ ...bareState, psk: newKey.psk });
  });
});

describe("stateOfExisting()", () => {
  const key = { psk: "fake-existing-key-for-tests-only", lastGeneratedOn: "2026-04-01T12:00:00Z" };
  const expected = {
    ...kept,
    ...key,
    status: "active",
    existingKeyGeneratedOn: key.lastGeneratedOn,
    stateVersion: STATE_VERSION,
  };

  it("stores the key as active, and remembers its timestamp", () => {
    expect(stateOfExisting(undefined, inputs, key)).toStrictEqual(expected);
  });

  it("keeps the IKE identity, and nothing else of the old key", () => {
    expect(stateOfExisting(before, inputs, key)).toStrictEqual({ ...expected, ipsecId: before.ipsecId });
  });
});

describe("stateKept()", () => {
  it.each(["active", "unverified"] as const)("keeps the key, with the new triggers: %s", (status) => {
    const state: StoredState = { ...storedState, rotationTriggers: { a: "1" } };

    expect(stateKept(state, inputs, status)).toStrictEqual({ ...state, ...kept, status });
  });
});

describe("stateKept() of a tunnel that the program names in another way", () => {
  it("stores the new name", () => {
    const renamed = { ...naming, ipsecTunnelName: "paris" };

    expect(stateKept({ ...storedState, ...naming }, { ...inputs, ...renamed }, "active")).toMatchObject(renamed);
  });

  it("forgets the name if the program gives the ID", () => {
    expect(stateKept({ ...storedState, ...naming }, inputs, "active")).toStrictEqual(
      stateKept(storedState, inputs, "active"),
    );
  });
});

describe("markSuperseded()", () => {
  it("changes the status and supersededOn alone", () => {
    const state = markSuperseded(storedState, "2026-03-02T12:00:00Z");

    expect(state).toStrictEqual({ ...storedState, status: "superseded", supersededOn: "2026-03-02T12:00:00Z" });
  });
});

describe("markLost()", () => {
  it("changes the status alone", () => {
    expect(markLost(storedState)).toStrictEqual({ ...storedState, status: "lost" });
  });

  it("drops supersededOn, which no longer describes the active key", () => {
    expect(markLost(markSuperseded(storedState, "2026-03-02T12:00:00Z"))).toStrictEqual({
      ...storedState,
      status: "lost",
    });
  });
});

describe("idOf()", () => {
  it("joins account and tunnel", () => {
    expect(idOf({ accountId, ipsecTunnelId })).toBe(`${accountId}/${ipsecTunnelId}`);
  });
});
