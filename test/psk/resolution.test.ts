import type { Inputs } from "../../src/psk/inputs";
import {
  isByName,
  keptTunnel,
  movedName,
  type NameReads,
  type Naming,
  resolve,
  resolveChanged,
  resolvedByState,
  tunnelText,
} from "../../src/psk/resolution";
import { UNKNOWN } from "../../src/psk/sentinels";
import type { StoredState } from "../../src/psk/state";
import type { TunnelName } from "../../src/psk/tunnel-name";
import type { ListedTunnel } from "../../src/tunnel";
import { rejectionOf } from "../support/failure-of";
import { failure, type Script, startOperation } from "./scripted-tunnels";
import { CREATED, PIN, LATER_PIN, another, branch, renamed, recreated } from "./named-tunnels";
import { accountId, ipsecTunnelId, storedState } from "./support";

const byId: Inputs = { accountId, ipsecTunnelId };
const byName = { accountId, ipsecTunnelName: "branch-1" } satisfies Inputs & TunnelName;
const pinned = { ...byName, ipsecTunnelCreatedOn: PIN } satisfies Inputs & TunnelName;
const stored: StoredState = { ...storedState, ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: CREATED };

describe("isByName()", () => {
  it("tells whether a tunnel is named by its name", () => {
    expect([isByName(byId), isByName(byName)]).toEqual([false, true]);
  });
});

describe("tunnelText()", () => {
  it("names a tunnel as the program does", () => {
    expect([byId, byName, { ipsecTunnelId: UNKNOWN }, { ipsecTunnelName: UNKNOWN }].map(tunnelText)).toEqual([
      ipsecTunnelId,
      '"branch-1"',
      "(known only after up)",
      "(known only after up)",
    ]);
  });
});

describe("resolvedByState()", () => {
  it.each<[string, Inputs]>([
    ["the stored name", byName],
    ["the stored name with the stored tunnel's second as its pin", pinned],
    ["an unknown name", { accountId, ipsecTunnelName: UNKNOWN }],
    ["the stored name with an unknown pin", { ...byName, ipsecTunnelCreatedOn: UNKNOWN }],
    ["another name with an unknown pin", { accountId, ipsecTunnelName: "paris", ipsecTunnelCreatedOn: UNKNOWN }],
    ["a name in another account, which replaces the resource in any case", { ...byName, accountId: another }],
  ])("takes %s for the stored tunnel", (_what, inputs) => {
    expect(resolvedByState(inputs, stored)).toMatchObject({ ipsecTunnelId, accountId: inputs.accountId });
  });

  it.each<[string, Inputs, StoredState]>([
    ["another name", { accountId, ipsecTunnelName: "paris" }, stored],
    [
      "another name with the same pin, because two tunnels may be created in one second",
      { ...pinned, ipsecTunnelName: "paris" },
      stored,
    ],
    ["another pin", { ...byName, ipsecTunnelCreatedOn: LATER_PIN }, stored],
    ["a name of a tunnel that was stored by its ID", byName, storedState],
  ])("leaves %s to a list", (_what, inputs, state) => {
    expect(resolvedByState(inputs, state)).toBeUndefined();
  });

  it("takes the stored account for an unknown one, because account and name may come from one unknown tunnel", () => {
    const unknown = { accountId: UNKNOWN, ipsecTunnelName: UNKNOWN, ipsecTunnelCreatedOn: UNKNOWN };

    expect(resolvedByState(unknown, stored)).toMatchObject({ accountId, ipsecTunnelId });
  });

  it.each<[string, Inputs & TunnelName, StoredState, Naming]>([
    ["a new name", { ...byName, ipsecTunnelName: "paris" }, stored, { ipsecTunnelName: "paris" }],
    ["its name instead of its ID", byName, storedState, byName],
    [
      "a pin that no list compares",
      { ...pinned, ipsecTunnelCreatedOn: LATER_PIN },
      storedState,
      { ...pinned, ipsecTunnelCreatedOn: LATER_PIN },
    ],
  ])("takes %s that the last `up` had already for the stored tunnel", (_what, inputs, state, last) => {
    expect(resolvedByState(inputs, state, last)).toMatchObject({ ipsecTunnelId });
  });

  it.each<[string, Naming]>([
    ["another name", { ipsecTunnelName: "paris" }],
    ["the ID", {}],
  ])(
    "leaves the name in the state to a list if the last `up` had %s, because another tunnel may have that name now",
    (_what, last) => {
      expect(resolvedByState(byName, stored, last)).toBeUndefined();
    },
  );

  it("returns arguments with an ID as they are", () => {
    expect(resolvedByState({ ...byId, ipsecTunnelId: another }, stored)).toEqual({ ...byId, ipsecTunnelId: another });
  });
});

describe("keptTunnel()", () => {
  it("keeps the stored ID under the new name, and the precise time of the creation", () => {
    expect(keptTunnel({ ...pinned, ipsecTunnelName: "paris" }, stored)).toEqual({
      accountId,
      ipsecTunnelName: "paris",
      ipsecTunnelId,
      ipsecTunnelCreatedOn: CREATED,
    });
  });
});

/** Reads that show each list; `undefined` if it cannot be read. */
function readsOf(atHand?: readonly ListedTunnel[], fresh?: readonly ListedTunnel[]) {
  const reads: string[] = [];
  const read = (name: string, list?: readonly ListedTunnel[]) => () => {
    reads.push(name);
    return Promise.resolve(list);
  };
  return { reads, names: { atHand: read("at hand", atHand), fresh: read("fresh", fresh) } satisfies NameReads };
}

describe("resolveChanged()", () => {
  const toParis = { ...byName, ipsecTunnelName: "paris" };

  it("finds the stored tunnel under its new name in the list at hand", async () => {
    const { names, reads } = readsOf([renamed]);

    await expect(resolveChanged(names, toParis, stored)).resolves.toMatchObject({
      kind: "found",
      inputs: { ipsecTunnelId },
    });
    expect(reads).toEqual(["at hand"]);
  });

  it("does not take the list at hand for proof of another tunnel, because tunnels may have been renamed since", async () => {
    const { names, reads } = readsOf([branch, { ...recreated, name: "paris" }], [renamed]);

    await expect(resolveChanged(names, toParis, stored)).resolves.toMatchObject({ inputs: { ipsecTunnelId } });
    expect(reads).toEqual(["at hand", "fresh"]);
  });

  it("finds nothing if the list at hand shows another tunnel, and no fresh one can be read", async () => {
    const { names } = readsOf([{ ...recreated, name: "paris" }]);

    await expect(resolveChanged(names, toParis, stored)).resolves.toEqual({ kind: "missing" });
  });

  it("reads a fresh list if the one at hand lacks the name, or its pin does not match", async () => {
    const { names, reads } = readsOf([branch], [recreated]);

    const pinnedLater = { ...byName, ipsecTunnelCreatedOn: LATER_PIN };
    await expect(resolveChanged(names, pinnedLater, stored)).resolves.toMatchObject({
      inputs: { ipsecTunnelId: another },
    });
    expect(reads).toEqual(["at hand", "fresh"]);
  });

  it.each<[string, Inputs & TunnelName, StoredState, readonly ListedTunnel[] | undefined, "another" | "missing"]>([
    ["no list has the name", toParis, stored, [branch], "missing"],
    ["no list can be read", toParis, stored, undefined, "missing"],
    ["several have it", toParis, stored, [renamed, { ...renamed, id: another }], "missing"],
    [
      "the pin is not that of the stored tunnel, and no list has it yet",
      { ...byName, ipsecTunnelCreatedOn: LATER_PIN },
      stored,
      [branch],
      "another",
    ],
    [
      "the list shows that the pin is not that of a tunnel stored by its ID",
      { ...byName, ipsecTunnelCreatedOn: LATER_PIN },
      storedState,
      [branch],
      "another",
    ],
    [
      "nothing shows when the stored tunnel was created",
      { ...byName, ipsecTunnelCreatedOn: LATER_PIN },
      storedState,
      [],
      "missing",
    ],
  ])("says, if %s, what that means", async (_what, inputs, state, list, kind) => {
    await expect(resolveChanged(readsOf(list, list).names, inputs, state)).resolves.toEqual({ kind });
  });
});

describe("movedName()", () => {
  it.each<[string, readonly ListedTunnel[] | undefined]>([
    ["and a fresh one do", [recreated]],
    ["does, and no fresh one can be read", undefined],
  ])("returns the other tunnel under the name if the list at hand %s", async (_what, fresh) => {
    const { names, reads } = readsOf([recreated], fresh);

    await expect(movedName(names, byName, stored)).resolves.toMatchObject({ ipsecTunnelId: another });
    expect(reads).toEqual(["at hand", "fresh"]);
  });

  it("returns nothing if a fresh list shows the stored tunnel again", async () => {
    await expect(movedName(readsOf([recreated], [branch]).names, byName, stored)).resolves.toBeUndefined();
  });

  it.each<[string, readonly ListedTunnel[] | undefined]>([
    ["shows the stored tunnel", [branch]],
    ["lacks the name", [renamed]],
    ["shows several", [branch, recreated]],
    ["cannot be read", undefined],
  ])("returns nothing if the list %s", async (_what, list) => {
    await expect(movedName(readsOf(list).names, byName, stored)).resolves.toBeUndefined();
  });
});

describe("resolve()", () => {
  const run = (script: Script, inputs: Inputs, limits = {}) => {
    const { tunnels, calls, lines, finish, context } = startOperation(script, limits);
    return { calls, lines, outcome: finish(resolve(tunnels, inputs, context)), now: context.clock.now() };
  };
  const nothing = Array.from({ length: 60 }, () => [{ ...branch, name: "brnch-1" }]);

  it("reads nothing for an ID", async () => {
    const { outcome, calls } = run({}, byId);

    await expect(outcome).resolves.toBe(byId);
    expect(calls).toEqual([]);
  });

  it("finds the name in the list at hand, and keeps the time of the creation", async () => {
    const { outcome, calls } = run({ list: [[branch]] }, pinned);

    await expect(outcome).resolves.toEqual({ ...pinned, ipsecTunnelId, ipsecTunnelCreatedOn: CREATED });
    expect(calls).toEqual(["0 ms: recent list"]);
  });

  it("reads fresh lists after 0, 1, 2, 4 and 8 s, and then fails with the closest names", async () => {
    const { outcome, calls } = run({ list: nothing }, byName);

    await expect(rejectionOf(outcome)).resolves.toMatchObject({
      code: "ERR_TUNNEL_NOT_FOUND",
      details: { summary: `Cannot find IPsec tunnel "branch-1" in account ${accountId}: it has "brnch-1"` },
    });
    expect(calls).toEqual([
      "0 ms: recent list",
      "0 ms: fresh list",
      "1000 ms: fresh list",
      "3000 ms: fresh list",
      "7000 ms: fresh list",
      "15000 ms: fresh list",
    ]);
  });

  it("waits on for a tunnel that was created less than 5 minutes ago, until the operation ends", async () => {
    const start = run({ list: [] }, byId).now;
    const young = { ...byName, ipsecTunnelCreatedOn: new Date(start - 60_000).toISOString() };
    const { outcome, calls } = run({ list: nothing }, young, { operationTimeoutMs: 60_000 });

    await expect(rejectionOf(outcome)).resolves.toMatchObject({ code: "ERR_TUNNEL_NOT_FOUND" });
    expect(calls.at(-1)).toBe("55000 ms: fresh list");
  });

  it("finds a tunnel that a list shows late", async () => {
    const { outcome } = run({ list: [[], [], [], [branch]] }, pinned);

    await expect(outcome).resolves.toMatchObject({ ipsecTunnelId });
  });

  it("refuses a name that several tunnels have", async () => {
    const { outcome } = run({ list: [[branch, recreated]] }, byName);

    await expect(rejectionOf(outcome)).resolves.toMatchObject({
      code: "ERR_TUNNEL_NOT_FOUND",
      details: {
        summary: `Cannot find IPsec tunnel "branch-1" in account ${accountId}: several tunnels in the account have that name`,
      },
    });
  });

  it("warns if the pin cannot be compared", async () => {
    const { outcome, lines } = run({ list: [[{ id: ipsecTunnelId, name: "branch-1" }]] }, pinned);

    await outcome;
    expect(lines).toEqual([
      `ipsecTunnelCreatedOn was not compared, because Cloudflare's list does not show when tunnel "branch-1" was created`,
    ]);
  });

  it("fails as the list does", async () => {
    const error = failure("ERR_NOT_AUTHORIZED");
    const { outcome } = run({ list: [error] }, byName);

    await expect(rejectionOf(outcome)).resolves.toBe(error);
  });
});
