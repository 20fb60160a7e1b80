import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readState, STATE_VERSION } from "../../src/psk/state";
import { VERSION } from "../../src/version";
import { everythingIn, failureOf } from "../support/failure-of";
import { bareState, fakeKey, storedState } from "./support";

const folder = join(__dirname, "../state");
const releases = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));

describe("readState()", () => {
  it.each(releases)("reads the state that release %s wrote, and loses nothing of it", (release) => {
    const outputs = JSON.parse(readFileSync(join(folder, `${release}.json`), "utf8")) as unknown;

    expect(readState(outputs)).toEqual(outputs);
  });

  it("has a state of this release to read", () => {
    expect(releases).toContain(VERSION);
  });

  it.each([
    ["whole", storedState],
    ["with triggers", { ...storedState, rotationTriggers: { a: "1" } }],
    ["without what Cloudflare may leave out", bareState],
    ["in force", { ...storedState, status: "active" }],
    ["superseded", { ...storedState, status: "superseded" }],
    ["superseded, and when", { ...storedState, status: "superseded", supersededOn: "2026-03-02T12:00:00Z" }],
    ["adopted", { ...storedState, existingKeyGeneratedOn: "2026-03-01T12:00:00.123457Z" }],
    ["lost", { ...storedState, status: "lost" }],
  ])("returns a state as it was: %s", (_what, state) => {
    expect(readState(JSON.parse(JSON.stringify(state)))).toStrictEqual(state);
  });

  it("leaves out what is not its own", () => {
    expect(readState({ ...storedState, __provider: "exports.handler=…" })).toStrictEqual(storedState);
  });

  it.each([
    ["no key", { ...storedState, psk: undefined }, "psk"],
    ["a key that is wrapped", { ...storedState, psk: { value: fakeKey } }, "psk"],
    ["no account", { ...storedState, accountId: undefined }, "accountId"],
    ["a time stamp that is a number", { ...storedState, lastGeneratedOn: 5 }, "lastGeneratedOn"],
    ["a trigger that is a number", { ...storedState, rotationTriggers: { a: 5 } }, "rotationTriggers.a"],
    ["another status", { ...storedState, status: fakeKey }, "status"],
    ["no version", { ...storedState, stateVersion: undefined }, "stateVersion"],
    ["version 0", { ...storedState, stateVersion: 0 }, "stateVersion"],
    ["version 0.5", { ...storedState, stateVersion: 0.5 }, "stateVersion"],
    ["a supersededOn that is a number", { ...storedState, supersededOn: 5 }, "supersededOn"],
    ["an existingKeyGeneratedOn that is null", { ...storedState, existingKeyGeneratedOn: null }, "existingKeyGeneratedOn"],
    ["two things wrong", { ...storedState, psk: 1, ipsecId: 2 }, "psk, ipsecId"],
  ])("names what is damaged, without its value: %s", (_what, outputs, names) => {
    const failure = failureOf(() => readState(outputs));

    expect(failure).toMatchObject({
      code: "ERR_INVALID_STATE",
      details: { what: `Cannot read the stored state of the resource as it is damaged in: ${names}` },
    });
    expect(everythingIn(failure)).not.toContain(fakeKey);
  });

  it.each([undefined, null, "", []])("refuses what is no state at all: %j", (outputs) => {
    expect(failureOf(() => readState(outputs)).code).toBe("ERR_INVALID_STATE");
  });

  const later = STATE_VERSION + 1;
  it.each([
    ["of the same shape", { ...storedState, stateVersion: later }],
    ["of another shape", { ...storedState, status: "rotating", psk: undefined, stateVersion: later }],
  ])("asks for an upgrade where a later release wrote the state: %s", (_what, outputs) => {
    expect(failureOf(() => readState(outputs))).toMatchObject({
      code: "ERR_INVALID_STATE",
      details: { remedy: "Upgrade pulumi-cloudflare-ipsec-psk." },
    });
  });
});
