import { createDriftReads, MAX_SINGLE_READS } from "../../src/connection/drift-reads";
import { detectDrift } from "../../src/psk/drift";
import type { StoredState } from "../../src/psk/state";
import { DEFAULTS } from "../../src/connection/settings";
import { listsThrough } from "../../src/connection/shared-lists";
import { faults, type Simulator, startSimulator } from "../../src/simulator";
import { testClient, type TestClient } from "../support/test-client";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const OTHER_ACCOUNT = "fedcba9876543210fedcba9876543210";
const TUNNEL = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const ref = (ipsecTunnelId = TUNNEL, accountId = ACCOUNT) => ({ accountId, ipsecTunnelId });

let simulator: Simulator;
let cloudflare: TestClient;
let told: string[];
let slept: number[];

beforeEach(async () => {
  told = [];
  slept = [];
  simulator = await startSimulator({
    accounts: [
      { id: ACCOUNT, tunnels: [{ id: TUNNEL, lastGeneratedOn: "2026-03-01T12:00:00Z" }] },
      { id: OTHER_ACCOUNT },
    ],
  });
  cloudflare = testClient(simulator.url, { apiToken: simulator.apiToken });
});

afterEach(async () => {
  await cloudflare.close();
  await simulator.close();
});

function createReads(timeoutMs?: number) {
  const { client } = cloudflare;
  const sleep = (ms: number) => Promise.resolve(void slept.push(ms));
  const lists = listsThrough(client, { now: Date.now, sleep }, DEFAULTS);
  return createDriftReads(
    () => Promise.resolve({ client, lists }),
    (line) => told.push(line),
    timeoutMs,
  );
}
const operations = () => simulator.requests().map(({ operation }) => operation);

describe("createDriftReads()", () => {
  it("lists an account once, whatever is generated meanwhile", async () => {
    const reads = createReads();

    const readings = await Promise.all([reads.fromList(ref()), reads.fromList(ref())]);
    simulator.rotate(TUNNEL);
    readings.push(await reads.fromList(ref()));

    expect(readings).toEqual(Array(3).fill({ kind: "tunnel", lastGeneratedOn: "2026-03-01T12:00:00.000000Z" }));
    expect(operations()).toEqual(["list"]);
  });

  it("lists each account", async () => {
    const reads = createReads();

    await reads.fromList(ref());

    await expect(reads.fromList(ref(TUNNEL, OTHER_ACCOUNT))).resolves.toEqual({ kind: "gone" });
    expect(operations()).toEqual(["list", "list"]);
  });

  it("reports a failed list in one line, and ends looking in that account alone", async () => {
    simulator.fault(faults.serverError(500), { operations: ["list"] });
    const reads = createReads();

    const readings = [await reads.fromList(ref()), await reads.fromList(ref()), await reads.single(ref())];

    expect(readings).toEqual([undefined, undefined, undefined]);
    expect(told).toEqual([
      `Drift was not checked in account ${ACCOUNT}: Cannot list the IPsec tunnels of account ${ACCOUNT}: Cloudflare failed with HTTP 500. Run \`pulumi refresh\` to check it.`,
    ]);
    expect(operations()).toEqual(["list"]);
    await expect(reads.fromList(ref(TUNNEL, OTHER_ACCOUNT))).resolves.toEqual({ kind: "gone" });
  });

  it.each([
    ["throttling", faults.throttled({ retryAfterSeconds: 300 })],
    ["a lost response", { kind: "reset", effect: false } as const],
    ["a refusal", { kind: "response", status: 403 } as const],
  ])("makes one attempt despite %s", async (_what, fault) => {
    simulator.fault(fault, { operations: ["list"] });

    await expect(createReads().fromList(ref())).resolves.toBeUndefined();

    expect(operations()).toEqual(["list"]);
    expect(told).toHaveLength(1);
  });

  it("gives up a list that takes too long, and reports it", async () => {
    simulator.fault({ kind: "silence", effect: false }, { operations: ["list"] });
    const reads = createReads(50);

    await expect(reads.fromList(ref())).resolves.toBeUndefined();

    expect(told).toEqual([expect.stringMatching(/0\.05 s/)]);
  });

  const listed = (ipsec_tunnels: unknown) => {
    const body = { success: true, errors: [], messages: [], result: { ipsec_tunnels } };
    simulator.fault({ kind: "response", status: 200, body }, { operations: ["list"] });
  };

  it.each<[string, unknown, string]>([
    [
      "without a colon in the zone",
      "2026-03-02T12:00:00+0000",
      '"2026-03-02T12:00:00+0000", which is not in the form of RFC 3339',
    ],
    ["without a zone", "2026-03-02 12:00:00", '"2026-03-02 12:00:00", which is not in the form of RFC 3339'],
    ["that is a number", 1_772_366_400, "a number"],
  ])(
    "says once an account what it saw of timestamps %s, and takes no tunnel for missing",
    async (_what, time, shown) => {
      const ids = [TUNNEL, "c".repeat(32), "d".repeat(32)];
      listed(ids.map((id) => ({ id, psk_metadata: { last_generated_on: time } })));
      const reads = createReads();

      const readings = await Promise.all(ids.map((id) => reads.fromList(ref(id))));

      expect(readings).toEqual([undefined, undefined, undefined]);
      expect(told).toEqual([
        `Drift was not checked for IPsec tunnel ${TUNNEL}, and perhaps for others in account ${ACCOUNT}: its timestamp is ${shown}. Run \`pulumi refresh\` to check it.`,
      ]);
    },
  );

  it("quotes no timestamp that does not resemble one", async () => {
    listed([{ id: TUNNEL, psk_metadata: { last_generated_on: "\u001b[2Jfake-key-for-tests-only" } }]);

    await createReads().fromList(ref());

    expect(told).toEqual([expect.stringContaining(": its timestamp cannot be read. ")]);
  });

  it.each([
    ["null", null],
    ["a string", "odd"],
    ["missing", undefined],
  ])("says once an account that the list is %s, and takes no tunnel for missing", async (shown, list) => {
    listed(list);
    const reads = createReads();

    const readings = [await reads.fromList(ref()), await reads.fromList(ref("c".repeat(32)))];

    expect(readings).toEqual([undefined, undefined]);
    expect(told).toEqual([
      `Drift was not checked in account ${ACCOUNT}: the list of its IPsec tunnels is ${shown}. Run \`pulumi refresh\` to check it.`,
    ]);
  });

  it("reads a timestamp with a blank for its T, as RFC 3339 allows", async () => {
    listed([{ id: TUNNEL, psk_metadata: { last_generated_on: "2026-03-02 12:00:00Z" } }]);

    await expect(createReads().fromList(ref())).resolves.toEqual({
      kind: "tunnel",
      lastGeneratedOn: "2026-03-02 12:00:00Z",
    });
    expect(told).toEqual([]);
  });

  it("reads tunnels by themselves a limited number of times", async () => {
    const reads = createReads();

    for (let count = 0; count < MAX_SINGLE_READS; count++) {
      expect(await reads.single(ref())).toMatchObject({ kind: "tunnel" });
    }

    await expect(reads.single(ref())).resolves.toBeUndefined();
    expect(operations()).toEqual(Array(MAX_SINGLE_READS).fill("get"));
  });

  describe("with tunnels that the first list shows without a key", () => {
    const ids = Array.from({ length: 20 }, (_none, index) => index.toString(16).padStart(32, "0"));
    const keyless = ids.slice(0, 8);

    /** Lists 20 tunnels, of which these have a key. */
    function list(withKey: readonly string[]) {
      const metadata = (id: string) => (withKey.includes(id) ? { last_generated_on: "2026-03-01T12:00:00Z" } : {});
      listed(ids.map((id) => ({ id, psk_metadata: metadata(id) })));
    }

    /** Looks at each tunnel in turn, as the diffs of a run do. */
    async function lookAt(some: readonly string[]) {
      const reads = createReads();
      const states = [];
      for (const id of some) states.push((await detectDrift(reads, { ...active, ipsecTunnelId: id })).state.status);
      return states;
    }
    const active: StoredState = {
      ...ref(),
      psk: "a-fake-key-for-tests-only",
      lastGeneratedOn: "2026-03-01T12:00:00Z",
      status: "active",
      stateVersion: 1,
    };

    it("decides 8 of 20 by one more list, sent after the lag wait", async () => {
      list(ids.slice(8));
      list(ids.slice(8));

      expect(await lookAt(ids)).toEqual([...Array<string>(8).fill("lost"), ...Array<string>(12).fill("active")]);

      expect(operations()).toEqual(["list", "list"]);
      expect(slept).toEqual([DEFAULTS.lagWaitMs]);
      expect(told).toEqual([]);
    });

    it("keeps the keys that the second list shows", async () => {
      list(ids.slice(8));
      list(ids);

      expect(await lookAt(ids)).toEqual(Array(20).fill("active"));
    });

    it("believes no second list without timestamps of other tunnels, reads a few alone, and names the others once", async () => {
      list([]);
      list([]);
      ids.forEach((id) => simulator.addTunnel({ id, name: id, lastGeneratedOn: "2026-03-01T12:00:00Z" }));

      expect(await lookAt(ids)).toEqual(Array(20).fill("active"));

      expect(operations()).toEqual(["list", "list", ...Array<string>(MAX_SINGLE_READS).fill("get")]);
      expect(told).toEqual([
        `Drift was not checked for 15 IPsec tunnels without a key (${ids.slice(5, 8).join(", ")} and 12 more) in account ${ACCOUNT}: Cloudflare's lists do not show whether their keys were removed, and a run reads at most 5 tunnels one by one. Run \`pulumi up --refresh\` to check.`,
      ]);
    });

    it("names them if the second list fails, and decides the others by the first one", async () => {
      list(ids.slice(8));
      simulator.fault(faults.serverError(500), { operations: ["list"] });

      expect(await lookAt(ids)).toEqual(Array(20).fill("active"));

      expect(operations()).toEqual(["list", "list"]);
      expect(told).toEqual([
        `Drift was not checked for 8 IPsec tunnels without a key (${keyless.slice(0, 3).join(", ")} and 5 more) in account ${ACCOUNT}: Cannot list the IPsec tunnels of account ${ACCOUNT}: Cloudflare failed with HTTP 500. Run \`pulumi up --refresh\` to check.`,
      ]);
    });

    it("reads a tunnel alone whose entry in the second list cannot be read", async () => {
      list(ids.slice(1));
      listed(
        ids.map((id, index) => ({ id, psk_metadata: { last_generated_on: index > 0 ? "2026-03-01T12:00:00Z" : 5 } })),
      );
      simulator.addTunnel({ id: keyless[0] ?? "" });

      expect(await lookAt(keyless.slice(0, 1))).toEqual(["lost"]);
      expect(operations()).toEqual(["list", "list", "get", "get"]);
    });
  });

  it("ends looking in an account after a failed read of a tunnel", async () => {
    simulator.fault(faults.serverError(500), { operations: ["get"] });
    const reads = createReads();

    await reads.single(ref());

    await expect(reads.fromList(ref())).resolves.toBeUndefined();
    expect(operations()).toEqual(["get"]);
  });

  it("reports a client that cannot be opened like a failed read", async () => {
    const reads = createDriftReads(
      () => Promise.reject(new Error("there are no credentials")),
      (line) => told.push(line),
    );

    await expect(reads.fromList(ref())).resolves.toBeUndefined();
    await expect(reads.fromList(ref())).resolves.toBeUndefined();

    expect(told).toEqual([expect.stringContaining("there are no credentials")]);
  });
});

describe("createDriftReads() for the names of tunnels", () => {
  const branch = { id: TUNNEL, name: expect.any(String) as string, createdOn: expect.any(String) as string };

  it("has at hand the list that the look for drift reads, in either order", async () => {
    const reads = createReads();

    const [before, , after] = [await reads.atHand(ACCOUNT), await reads.fromList(ref()), await reads.atHand(ACCOUNT)];

    expect([before, after]).toEqual(Array(2).fill([expect.objectContaining(branch)]));
    expect(operations()).toEqual(["list"]);
  });

  it("reads a fresh list on demand, and keeps the one at hand for the look for drift", async () => {
    const reads = createReads();
    await reads.atHand(ACCOUNT);
    const added = simulator.addTunnel({ name: "paris" });

    expect(await reads.fresh(ACCOUNT)).toMatchObject([{ id: TUNNEL }, { id: added, name: "paris" }]);
    expect(await reads.atHand(ACCOUNT)).toMatchObject([{ id: TUNNEL }]);
    expect(operations()).toEqual(["list", "list"]);
  });

  it("knows nothing of an account whose list failed, and asks no more", async () => {
    simulator.fault(faults.serverError(500), { operations: ["list"] });
    const reads = createReads();

    expect([await reads.atHand(ACCOUNT), await reads.fresh(ACCOUNT)]).toEqual([undefined, undefined]);
    expect(operations()).toEqual(["list"]);
    // The update that needs the name says why it fails.
    expect(told).toEqual([]);
  });
});
