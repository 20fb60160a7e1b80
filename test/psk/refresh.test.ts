import { refresh } from "../../src/psk/refresh";
import type { PskStatus, StoredState } from "../../src/psk/state";
import type { TunnelReading } from "../../src/psk/tunnel-api";
import { rejectionOf } from "../support/failure-of";
import { failure, gone, keyless, keyOf, readingOf, type Script, startOperation } from "./scripted-tunnels";
import { bareState, storedState } from "./support";

const older = readingOf(1);
const same = readingOf(2);
const newer = readingOf(3);

/** How a refresh changes a resource, `undefined` if it is gone; the key and its timestamp never change. */
type Change = Pick<StoredState, "status" | "supersededOn"> | undefined;

const superseded: Change = { status: "superseded", supersededOn: newer.lastGeneratedOn };
const LISTED = ["0 ms: readFromList"];
const READ = ["0 ms: readFromList", "0 ms: read"];
const READ_TWICE = ["0 ms: readFromList", "0 ms: read", "1000 ms: read"];

describe("refresh()", () => {
  function start(script: Script, changes: Partial<StoredState> = {}) {
    const { tunnels, calls, finish, context } = startOperation(script);
    const state: StoredState = {
      ...storedState,
      ...keyOf(2),
      rotationTriggers: { a: "1" },
      existingKeyGeneratedOn: "x",
      ...changes,
    };
    return { state, calls, run: () => finish(refresh(tunnels, state, context)) };
  }

  it.each<[string, PskStatus, TunnelReading, TunnelReading[], Change, string[]]>([
    ["list: the same", "unverified", same, [], { status: "active" }, LISTED],
    ["list: the same", "active", same, [], { status: "active" }, LISTED],
    ["list: newer", "unverified", newer, [], superseded, LISTED],
    ["list: newer", "active", newer, [], superseded, LISTED],
    ["list: missing, read: gone", "active", gone, [gone], undefined, READ],
    ["list: missing, read: the same", "unverified", gone, [same], { status: "active" }, READ],
    ["list: missing, read: newer", "active", gone, [newer], superseded, READ],
    ["list: missing, read: older", "unverified", gone, [older], { status: "unverified" }, READ],
    ["list: missing, read: older", "active", gone, [older], { status: "active" }, READ],
    ["list: older, read: gone", "active", older, [gone], undefined, READ],
    ["list: older, read: the same", "unverified", older, [same], { status: "active" }, READ],
    ["list: older, read: newer", "active", older, [newer], superseded, READ],
    ["list: older, read: older", "active", older, [older], { status: "active" }, READ],
    ["list: older, read: older", "unverified", older, [older], { status: "unverified" }, READ],
    ["list: no key, read: the same", "unverified", keyless, [same], { status: "active" }, READ],
    ["list: no key, read: no key, twice", "active", keyless, [keyless, keyless], { status: "lost" }, READ_TWICE],
    ["list: missing, read: no key, twice", "unverified", gone, [keyless, keyless], { status: "lost" }, READ_TWICE],
    ["list: no key, read: no key, then the same", "active", keyless, [keyless, same], { status: "active" }, READ_TWICE],
    ["list: no key, read: no key, then newer", "active", keyless, [keyless, newer], superseded, READ_TWICE],
    ["list: no key, read: no key, then gone", "active", keyless, [keyless, gone], undefined, READ_TWICE],
    ["list: the same", "superseded", same, [], { status: "superseded" }, LISTED],
    ["list: newer", "superseded", newer, [], { status: "superseded" }, LISTED],
    ["list: missing, read: older", "superseded", gone, [older], { status: "superseded" }, READ],
    ["list: the same", "lost", same, [], { status: "lost" }, LISTED],
    ["list: newer", "lost", newer, [], { status: "lost" }, LISTED],
    ["list: older, read: the same", "lost", older, [same], { status: "lost" }, READ],
    ["list: missing, read: gone", "lost", gone, [gone], undefined, READ],
  ])(
    "judges the key by the timestamp that is shown: %s (it was %s)",
    async (_what, status, listed, read, change, expected) => {
      const { run, state, calls } = start({ readFromList: [listed], read }, { status });

      expect(await run()).toStrictEqual(change && { ...state, ...change });
      expect(calls).toEqual(expected);
    },
  );

  it.each<[string, TunnelReading]>([
    ["the same timestamp in the list", same],
    ["a newer timestamp in the list", newer],
  ])("leaves a key without a timestamp as it is: %s", async (_what, listed) => {
    const { tunnels, finish, context } = startOperation({ readFromList: [listed] });

    expect(await finish(refresh(tunnels, bareState, context))).toStrictEqual(bareState);
  });

  it.each<[string, Script]>([
    ["the list", { readFromList: [failure("ERR_NO_RESPONSE")] }],
    ["the read", { readFromList: [gone], read: [failure("ERR_NO_RESPONSE")] }],
    ["the second read", { readFromList: [gone], read: [keyless, failure("ERR_NO_RESPONSE")] }],
  ])("passes a failure on, because it proves nothing: %s", async (_what, script) => {
    expect((await rejectionOf(start(script).run())).code).toBe("ERR_NO_RESPONSE");
  });
});

describe("refresh() of a key that was set without moving the timestamp", () => {
  const unmovedTimestamp = readingOf(2).lastGeneratedOn;

  it.each<[string, Partial<StoredState>, TunnelReading, TunnelReading[], Partial<StoredState>, string[]]>([
    ["list: the same", { unmovedTimestamp }, same, [], { status: "unverified" }, LISTED],
    ["list: older", { unmovedTimestamp }, older, [], { status: "unverified" }, LISTED],
    ["list: newer", { unmovedTimestamp }, newer, [], superseded, LISTED],
    ["no key, twice", { unmovedTimestamp }, keyless, [keyless, keyless], { status: "lost" }, READ_TWICE],
    ["never a timestamp: none", {}, keyless, [keyless], { status: "unverified" }, READ],
    ["never a timestamp: one", {}, newer, [], superseded, LISTED],
    ["never a timestamp: one in the read", {}, keyless, [newer], superseded, READ],
  ])("%s", async (_what, changes, listed, reads, expected, sent) => {
    const { tunnels, calls, finish, context } = startOperation({ readFromList: [listed], read: reads });
    const state: StoredState = { ...bareState, isSet: true, ...changes };

    await expect(finish(refresh(tunnels, state, context))).resolves.toStrictEqual({ ...state, ...expected });
    expect(calls).toEqual(sent);
  });

  it("says that the tunnel is gone", async () => {
    const { tunnels, finish, context } = startOperation({ readFromList: [gone], read: [gone] });

    await expect(finish(refresh(tunnels, { ...bareState, isSet: true }, context))).resolves.toBeUndefined();
  });
});
