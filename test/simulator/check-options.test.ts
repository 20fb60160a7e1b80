import { createCloudflareApi, type SimulatorOptions, startSimulator } from "../../src/simulator";
import { account, fakeApi, fakeKey, linesOf, thrownBy } from "./support";

const other = "fedcba9876543210fedcba9876543210";
const tunnelId = "89abcdef0123456789abcdef01234567";
const badId = "must be 32 hexadecimal characters";
const badTime = "now must return milliseconds since the epoch, 0 to 253402300799999";
const limit = { requests: 10, windowMs: 1_000, blockMs: 1_000 };

/** Callers may be plain JavaScript, and types do not check values. */
async function refusalOf(options: unknown): Promise<unknown> {
  try {
    const simulator = await startSimulator(options as SimulatorOptions);
    await simulator.close();
    return new Error("was accepted");
  } catch (error) {
    return error;
  }
}

describe("startSimulator() refuses", () => {
  it.each<[string, unknown, string]>([
    ["options that are not an object", 5, "the options must be an object"],
    ["null", null, "the options must be an object"],
    [
      "an unknown option",
      { acounts: [] },
      "acounts is unknown: the options are accounts, tokens, users, limit, assumptions, now, random, port, latencyMs",
    ],
    ["a port as a string", { port: "8080" }, "port must be a whole number, 0 to 65535"],
    ["a port above 65535", { port: 65_536 }, "port must be a whole number, 0 to 65535"],
    ["half a port", { port: -0.5 }, "port must be a whole number, 0 to 65535"],
    ["a latency that is not a number", { latencyMs: NaN }, "latencyMs must be a whole number, 0 to 2147483647"],
    ["a negative latency", { latencyMs: -1 }, "latencyMs must be a whole number, 0 to 2147483647"],
    // A timer would fire after 1 ms.
    ["an infinite latency", { latencyMs: Infinity }, "latencyMs must be a whole number, 0 to 2147483647"],
    ["a clock that is a number", { now: 1_700_000_000_000 }, "now must be a function"],
    ["a clock that returns NaN", { now: () => NaN }, badTime],
    ["a clock that returns Infinity", { now: () => Infinity }, badTime],
    ["a clock before 1970", { now: () => -1 }, badTime],
    ["a clock after 9999", { now: () => 253_402_300_800_000 }, badTime],
    ["a clock that returns a Date", { now: () => new Date() }, badTime],
    ["a clock that returns a promise", { now: () => Promise.resolve(1_700_000_000_000) }, badTime],
    ["random bytes as a value", { random: Buffer.alloc(32) }, "random must be a function"],

    ["a limit that is not a number", { limit: NaN }, "limit must be an object"],
    [
      "a limit of NaN requests",
      { limit: { ...limit, requests: NaN } },
      "limit.requests must be a whole number, 1 or more",
    ],
    [
      "a limit of no requests",
      { limit: { ...limit, requests: 0 } },
      "limit.requests must be a whole number, 1 or more",
    ],
    ["half a limit", { limit: { requests: 1, windowMs: 1 } }, "limit.blockMs must be a whole number, 0 or more"],
    ["a window of no time", { limit: { ...limit, windowMs: 0 } }, "limit.windowMs must be a whole number, 1 or more"],
    ["an endless block", { limit: { ...limit, blockMs: Infinity } }, "limit.blockMs must be a whole number, 0 or more"],
    [
      "an unknown part of the limit",
      { limit: { ...limit, blockMS: 1 } },
      "limit.blockMS is unknown: the options are requests, windowMs, blockMs",
    ],

    ["accounts that are not a list", { accounts: account }, "accounts must be a list"],
    ["no account", { accounts: [] }, "accounts must have one entry or more"],
    ["an account that is a string", { accounts: [account] }, "accounts[0] must be an object"],
    ["an account without an ID", { accounts: [{}] }, `accounts[0].id ${badId}`],
    ["an account ID that is not hexadecimal", { accounts: [{ id: "not-hex" }] }, `accounts[0].id ${badId}`],
    [
      "two accounts with one ID",
      { accounts: [{ id: account }, { id: other }, { id: account }] },
      "accounts[2].id must be new: accounts[0].id is the same",
    ],
    [
      "two accounts with one ID in different case",
      { accounts: [{ id: other }, { id: other.toUpperCase() }] },
      "accounts[1].id must be new: accounts[0].id is the same",
    ],
    [
      "a conduit ID that is a number",
      { accounts: [{ id: account, conduitId: 33_145_236 }] },
      "accounts[0].conduitId must be a string of digits",
    ],
    [
      "onboarded as a string",
      { accounts: [{ id: account, onboarded: "no" }] },
      "accounts[0].onboarded must be true or false",
    ],
    [
      "an unknown option of an account",
      { accounts: [{ id: account, tunnel: [] }] },
      "accounts[0].tunnel is unknown: the options are id, conduitId, onboarded, tunnels",
    ],

    ["a tunnel ID that is not hexadecimal", withTunnels({ id: "x" }), `accounts[0].tunnels[0].id ${badId}`],
    [
      "two tunnels with one ID",
      {
        accounts: [
          { id: account, tunnels: [{ id: tunnelId }] },
          { id: other, tunnels: [{ id: tunnelId }] },
        ],
      },
      "accounts[1].tunnels[0].id must be new: accounts[0].tunnels[0].id is the same",
    ],
    [
      "two tunnels with one ID in different case",
      withTunnels({ id: tunnelId }, { id: tunnelId.toUpperCase() }),
      "accounts[0].tunnels[1].id must be new: accounts[0].tunnels[0].id is the same",
    ],
    [
      "two tunnels with one name",
      withTunnels({ name: "branch-1" }, { name: "branch-1" }),
      "accounts[0].tunnels[1].name must be new: accounts[0].tunnels[0].name is the same",
    ],
    ["an empty name", withTunnels({ name: "" }), "accounts[0].tunnels[0].name must be a string that is not empty"],
    ["an empty key", withTunnels({ psk: "" }), "accounts[0].tunnels[0].psk must be a string that is not empty"],
    [
      "a time that is not one",
      withTunnels({ lastGeneratedOn: "soon" }),
      'accounts[0].tunnels[0].lastGeneratedOn must be RFC 3339 in UTC, as in "2026-11-23T08:15:00.123456789Z"',
    ],
    [
      "a key in the fields, which reads would show",
      withTunnels({ fields: { psk: fakeKey } }),
      expect.stringMatching(
        /^accounts\[0\]\.tunnels\[0\]\.fields\.psk is unknown: the options are cloudflare_endpoint, /,
      ),
    ],
    [
      "an endpoint that a request could not set",
      withTunnels({ fields: { cloudflare_endpoint: "" } }),
      "accounts[0].tunnels[0].fields.cloudflare_endpoint must be a string that is not empty",
    ],
    [
      "a health check that a request could not set",
      withTunnels({ fields: { health_check: "on" } }),
      "accounts[0].tunnels[0].fields.health_check must be an object",
    ],

    ["an empty token", { tokens: [{ token: "" }] }, "tokens[0].token must be printable ASCII without spaces or quotes"],
    [
      "a token that no request can send",
      { tokens: [{ token: "Bearer fake-token" }] },
      "tokens[0].token must be printable ASCII without spaces or quotes",
    ],
    [
      "a token twice",
      { tokens: [{ token: "fake-token" }, { token: "fake-token", permissions: [] }] },
      "tokens[1].token must be new: tokens[0].token is the same",
    ],
    [
      "an unknown permission",
      { tokens: [{ token: "fake-token", permissions: ["Magic WAN Write", "Magic WAN write"] }] },
      'tokens[0].permissions[1] must be one of "Magic WAN Write", "Magic WAN Read", "Magic Transit Write", "Magic Transit Read"',
    ],
    [
      "a grant for an account that does not exist",
      { accounts: [{ id: other }], tokens: [{ token: "fake-token", accounts: [other, account] }] },
      "tokens[0].accounts[1] must be the ID of one of the accounts",
    ],
    [
      "a grant for an account that does not exist, if no accounts are given",
      { users: [{ email: "a@example.com", key: "fake-key", accounts: [other] }] },
      "users[0].accounts[0] must be the ID of one of the accounts",
    ],
    [
      "an unknown option of a token",
      { tokens: [{ token: "fake-token", permission: [] }] },
      "tokens[0].permission is unknown: the options are token, permissions, accounts",
    ],
    [
      "a user twice",
      {
        users: [
          { email: "a@example.com", key: "fake-key" },
          { email: "a@example.com", key: "fake-other" },
        ],
      },
      "users[1].email must be new: users[0].email is the same",
    ],
    [
      "a key that no request can send",
      { users: [{ email: "a@example.com", key: "'fake-key'" }] },
      "users[0].key must be printable ASCII without spaces or quotes",
    ],

    [
      "an unknown assumption",
      { assumptions: { validatePersist: true } },
      expect.stringMatching(/^assumptions\.validatePersist is unknown: the options are generatedKey, /),
    ],
    [
      "another form of key",
      { assumptions: { generatedKey: "hex" } },
      'assumptions.generatedKey must be one of "base64url-43", "alphanumeric-32"',
    ],
    [
      "an assumption as a string",
      { assumptions: { putMovesTimestamp: "no" } },
      "assumptions.putMovesTimestamp must be true or false",
    ],
  ])("%s", async (_what, options, mistake) => {
    const failure = await refusalOf(options);

    expect(failure).toBeInstanceOf(RangeError);
    expect(linesOf(failure)).toEqual(["Cannot start the simulator:", mistake]);
  });

  it("all mistakes together, one line each", async () => {
    const failure = await refusalOf({
      accounts: [
        { id: account, tunnels: [{ psk: 5 }] },
        { id: account, onboarded: 0 },
      ],
      tokens: [{ token: "fake-token", accounts: ["x"] }],
      limit: NaN,
      latency: 5,
      prot: 1,
    });

    expect(linesOf(failure)).toEqual([
      "Cannot start the simulator:",
      "accounts[0].tunnels[0].psk must be a string that is not empty",
      "accounts[1].onboarded must be true or false",
      "limit must be an object",
      expect.stringMatching(/^latency is unknown: /),
      expect.stringMatching(/^prot is unknown: /),
      "accounts[1].id must be new: accounts[0].id is the same",
      "tokens[0].accounts[0] must be the ID of one of the accounts",
    ]);
  });

  it("values without quoting them, because they may be credentials and keys", async () => {
    const failure = await refusalOf({
      accounts: [{ id: "fake-secret", tunnels: [{ id: "fake-secret", psk: ["fake-secret"] }] }],
      tokens: [{ token: "fake-secret " }, { token: "fake-secret " }],
      users: [{ email: "fake-secret\n", key: '"fake-secret"' }],
    });

    expect(linesOf(failure)).toHaveLength(9);
    expect(String(failure)).not.toContain("fake-secret");
  });
});

describe("startSimulator() accepts", () => {
  it.each<[string, object]>([
    ["options that are undefined, which have their defaults", everyOptionUndefined()],
    ["no tokens", { tokens: [] }],
    ["a block of no time", { limit: { ...limit, blockMs: 0 } }],
    ["a grant for an account whose ID is in another case", grantInAnotherCase()],
    ["a clock at the limits", { now: () => 253_402_300_799_999 }],
    ["a clock at 1970", { now: () => 0 }],
    ["a clock with a fraction of a millisecond", { now: () => 1_700_000_000_000.5 }],
    ["the same name in two accounts", sameNameInTwoAccounts()],
  ])("%s", async (_what, options) => {
    const simulator = await startSimulator(options);

    await expect(simulator.close()).resolves.toBeUndefined();
  });

  it("assumptions that are undefined, which have their defaults", () => {
    const { api, ask } = fakeApi({ assumptions: { generatedKey: undefined } as object });
    const id = api.addTunnel();

    ask("POST", `/${id}/psk_generate`, {});

    expect(api.keyAtEdge(id)).toMatch(/^[\w-]{43}$/);
  });
});

describe("createCloudflareApi() refuses", () => {
  it("mistakes in its options, and options of a socket, which it does not open", () => {
    expect(linesOf(thrownBy(() => createCloudflareApi({ port: 80, limit: NaN } as object)))).toEqual([
      "Cannot create the simulated Cloudflare:",
      "limit must be an object",
      "port is unknown: the options are accounts, tokens, users, limit, assumptions, now, random",
    ]);
  });

  it("circumstances of a request that it does not know", () => {
    const { api } = fakeApi();
    const request = { method: "GET", path: "/", headers: {}, body: "" };

    expect(linesOf(thrownBy(() => api.handle(request, { keeps: false, stale: 1 } as object)))).toEqual([
      "Cannot handle the request:",
      "stale must be true or false",
      "keeps is unknown: the options are keep, stale, lagMs, unappliedBecause",
    ]);
  });
});

describe("addTunnel() refuses", () => {
  it.each<[string, unknown, string]>([
    ["a tunnel that is a string", tunnelId, "the options must be an object"],
    [
      "an unknown option",
      { ID: tunnelId },
      "ID is unknown: the options are id, name, psk, lastGeneratedOn, fields, accountId",
    ],
    ["an ID that is not hexadecimal", { id: "not-hex" }, `id ${badId}`],
    [
      "an ID that another tunnel has in another case",
      { id: tunnelId.toUpperCase() },
      "id must be new: another tunnel has it",
    ],
    ["an ID that another tunnel has", { id: tunnelId }, "id must be new: another tunnel has it"],
    [
      "a name that another tunnel of the account has",
      { name: "branch-1" },
      "name must be new: another tunnel of the account has it",
    ],
    ["an unknown account", { accountId: other }, "accountId must be the ID of one of the accounts"],
  ])("%s", (_what, tunnel, mistake) => {
    const { api } = fakeApi();
    api.addTunnel({ id: tunnelId, name: "branch-1" });

    expect(linesOf(thrownBy(() => api.addTunnel(tunnel as object)))).toEqual(["Cannot add the tunnel:", mistake]);
  });

  it("every mistake at the same time", () => {
    const { api } = fakeApi();
    api.addTunnel({ name: "branch-1" });

    const failure = thrownBy(() =>
      api.addTunnel({ name: "branch-1", psk: "", lastGeneratedOn: "soon", port: 1 } as object),
    );

    expect(linesOf(failure)).toHaveLength(5);
  });

  it("an ID that `random` returned twice", () => {
    const { api } = fakeApi({ random: (size) => Buffer.alloc(size) });
    api.addTunnel({ name: "branch-1" });

    expect(linesOf(thrownBy(() => api.addTunnel({ name: "branch-2" })))).toEqual([
      "Cannot add the tunnel:",
      "id must be new: another tunnel has it",
    ]);
  });
});

function grantInAnotherCase(): object {
  return { accounts: [{ id: other }], tokens: [{ token: "fake-token", accounts: [other.toUpperCase()] }] };
}

function withTunnels(...tunnels: readonly object[]): object {
  return { accounts: [{ id: account, tunnels }] };
}

function everyOptionUndefined(): object {
  const names = ["accounts", "tokens", "users", "limit", "assumptions", "now", "random", "port", "latencyMs"];
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

function sameNameInTwoAccounts(): object {
  return { accounts: [account, other].map((id) => ({ id, tunnels: [{ name: "branch-1" }] })) };
}
