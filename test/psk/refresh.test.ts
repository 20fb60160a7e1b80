import type { TunnelReading } from "../../src/psk/tunnel-api";
import { refresh } from "../../src/psk/refresh";
import type { PskStatus, StoredState } from "../../src/psk/state";
import { rejectionOf } from "../support/failure-of";
import { failure, gone, keyless, keyOf, type Script, sightOf, startOperation } from "./scripted-tunnels";
import { bareState, storedState } from "./support";

const older = sightOf(1);
const same = sightOf(2);
const newer = sightOf(3);

/** What a resource turns into; the key and its time stamp never change. */
type Change = Pick<StoredState, "status" | "supersededOn"> | undefined;

const superseded: Change = { status: "superseded", supersededOn: newer.lastGeneratedOn };
const LISTED = ["0 ms: listed"];
const ASKED = ["0 ms: listed", "0 ms: read"];
const ASKED_TWICE = ["0 ms: listed", "0 ms: read", "1000 ms: read"];

describe("refresh()", () => {
  function start(script: Script, changes: Partial<StoredState> = {}) {
    const { edge, calls, finish, context } = startOperation(script);
    const state: StoredState = {
      ...storedState,
      ...keyOf(2),
      rotationTriggers: { a: "1" },
      existingKeyGeneratedOn: "x",
      ...changes,
    };
    return { state, calls, run: () => finish(refresh(edge, state, context)) };
  }

  it.each<[string, PskStatus, TunnelReading, TunnelReading[], Change, string[]]>([
    ["the key's time stamp", "unverified", same, [], { status: "active" }, LISTED],
    ["the key's time stamp", "active", same, [], { status: "active" }, LISTED],
    ["a newer time stamp", "unverified", newer, [], superseded, LISTED],
    ["a newer time stamp", "active", newer, [], superseded, LISTED],
    ["missing; its GET: gone", "active", gone, [gone], undefined, ASKED],
    ["missing; its GET: the same", "unverified", gone, [same], { status: "active" }, ASKED],
    ["missing; its GET: newer", "active", gone, [newer], superseded, ASKED],
    ["missing; its GET: older", "unverified", gone, [older], { status: "unverified" }, ASKED],
    ["missing; its GET: older", "active", gone, [older], { status: "active" }, ASKED],
    ["older; its GET: gone", "active", older, [gone], undefined, ASKED],
    ["older; its GET: the same", "unverified", older, [same], { status: "active" }, ASKED],
    ["older; its GET: newer", "active", older, [newer], superseded, ASKED],
    ["older; its GET: older", "active", older, [older], { status: "active" }, ASKED],
    ["older; its GET: older", "unverified", older, [older], { status: "unverified" }, ASKED],
    ["no key; its GET: the same", "unverified", keyless, [same], { status: "active" }, ASKED],
    ["no key; its GET: no key, twice", "active", keyless, [keyless, keyless], { status: "lost" }, ASKED_TWICE],
    ["missing; its GET: no key, twice", "unverified", gone, [keyless, keyless], { status: "lost" }, ASKED_TWICE],
    ["no key; its GET: no key, then the same", "active", keyless, [keyless, same], { status: "active" }, ASKED_TWICE],
    ["no key; its GET: no key, then newer", "active", keyless, [keyless, newer], superseded, ASKED_TWICE],
    ["no key; its GET: no key, then gone", "active", keyless, [keyless, gone], undefined, ASKED_TWICE],
    ["superseded, and a lucky read", "superseded", same, [], { status: "superseded" }, LISTED],
    ["superseded, and newer still", "superseded", newer, [], { status: "superseded" }, LISTED],
    ["superseded, and its GET: older", "superseded", gone, [older], { status: "superseded" }, ASKED],
    ["lost, and a lucky read", "lost", same, [], { status: "lost" }, LISTED],
    ["lost, and newer", "lost", newer, [], { status: "lost" }, LISTED],
    ["lost, and its GET: the same", "lost", older, [same], { status: "lost" }, ASKED],
    ["lost, and gone", "lost", gone, [gone], undefined, ASKED],
  ])("in the list: %s (was %s)", async (_what, status, listed, read, change, asked) => {
    const { run, state, calls } = start({ listed: [listed], read }, { status });

    expect(await run()).toStrictEqual(change && { ...state, ...change });
    expect(calls).toEqual(asked);
  });

  it.each<[string, TunnelReading]>([
    ["the list", same],
    ["a newer list", newer],
  ])("cannot judge a key without a time stamp, and gives it none: %s", async (_what, listed) => {
    const { edge, finish, context } = startOperation({ listed: [listed] });

    expect(await finish(refresh(edge, bareState, context))).toStrictEqual(bareState);
  });

  it.each<[string, Script]>([
    ["the list", { listed: [failure("ERR_NO_RESPONSE")] }],
    ["the GET", { listed: [gone], read: [failure("ERR_NO_RESPONSE")] }],
    ["the second GET", { listed: [gone], read: [keyless, failure("ERR_NO_RESPONSE")] }],
  ])("takes a failure for no proof of anything: %s", async (_what, script) => {
    expect((await rejectionOf(start(script).run())).code).toBe("ERR_NO_RESPONSE");
  });
});
