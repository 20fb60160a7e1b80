import { brotliCompressSync, deflateRawSync, gzipSync } from "node:zlib";
import {
  completeList,
  findIpsecTunnel,
  generatePsk,
  listIpsecTunnels,
  readTunnelList,
  setPsk,
  validatePskGeneration,
  validatePskSetting,
} from "../../src/cloudflare/ipsec-tunnels";
import { findListed, type IpsecTunnel } from "../../src/cloudflare/shown-tunnels";
import { type ResponseChange, type Fault, faults, type Simulator, startSimulator } from "../../src/simulator";
import type { TunnelRef } from "../../src/tunnel";
import { everythingIn, rejectionOf } from "../support/failure-of";
import { testClient, type TestClient } from "../support/test-client";

/** Metadata that must not count as a tunnel without a key: a key would be generated in vain. */
const BROKEN_METADATA: readonly [string, unknown][] = [
  ["metadata that is a string", "odd"],
  ["metadata that is a list", []],
  ["a time that is a number", { last_generated_on: 1_772_366_400 }],
  ["a time that is not an RFC 3339 timestamp", { last_generated_on: "2026-03-01 12:00:00" }],
  ["a time that is not in the calendar", { last_generated_on: "2026-13-01T12:00:00Z" }],
];

/** Forms in which a proxy may send a response; all can be read. */
const WRAPPINGS: readonly [string, Omit<Extract<Fault, { kind: "wrapped" }>, "kind">][] = [
  ["a byte order mark", { wrap: (json) => Buffer.concat([Buffer.from("\ufeff"), json]) }],
  ["Identity", { contentEncoding: "Identity" }],
  ["an empty header", { contentEncoding: "" }],
  ["x-gzip", { contentEncoding: "x-gzip", wrap: gzipSync }],
  ["gzip, identity", { contentEncoding: "gzip, identity", wrap: gzipSync }],
  ["raw deflate", { contentEncoding: "deflate", wrap: deflateRawSync }],
  ["two headers", { contentEncoding: ["gzip", "br"], wrap: (json) => brotliCompressSync(gzipSync(json)) }],
  ["decompressed, with the header left in place", { contentEncoding: "gzip" }],
  ["a zero at the end", { wrap: (json) => Buffer.concat([json, Buffer.from("\0")]) }],
];

const NAME = expect.any(String) as string;
const TIMESTAMP = expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/) as string;

describe("The endpoints of IPsec tunnels", () => {
  let simulator: Simulator;
  let test: TestClient;
  let tunnel: TunnelRef;

  beforeEach(async () => {
    simulator = await startSimulator();
    test = testClient(simulator.url, { apiToken: simulator.apiToken });
    tunnel = { accountId: simulator.accountId, ipsecTunnelId: simulator.addTunnel() };
  });

  afterEach(async () => {
    await test.close();
    await simulator.close();
  });

  const generate = () => generatePsk(test.client, tunnel, test.options);
  const validate = () => validatePskGeneration(test.client, tunnel, test.options);
  // It has characters that JSON writes in another way.
  const psk = 'fake-"key"\\for-tests-only';
  const set = () => setPsk(test.client, tunnel, psk, test.options);
  const validateSetting = () => validatePskSetting(test.client, tunnel, psk, test.options);
  const find = () => findIpsecTunnel(test.client, tunnel, test.options);
  const list = () => listIpsecTunnels(test.client, tunnel.accountId, test.options);
  const respondWith = (result: unknown) => {
    simulator.fault({ kind: "response", status: 200, body: { success: true, errors: [], messages: [], result } });
  };
  const alter = (change: ResponseChange) => {
    simulator.fault({ kind: "altered", change });
  };
  const operations = () => simulator.requests().map(({ operation }) => operation);

  describe("generatePsk()", () => {
    it("returns the active key with its timestamp and ipsec_id", async () => {
      expect(await generate()).toStrictEqual({
        psk: simulator.keyAtEdge(tunnel.ipsecTunnelId),
        lastGeneratedOn: simulator.generatedOn(tunnel.ipsecTunnelId),
        ipsecId: `33145236_${tunnel.ipsecTunnelId}`,
      });
      expect(operations()).toEqual(["generate"]);
    });

    it.each<[ResponseChange, string]>([
      ["withoutTimestamp", "lastGeneratedOn"],
      ["withoutIpsecId", "ipsecId"],
    ])("accepts a response that lacks a field: %s", async (change, left) => {
      alter(change);

      const generated = await generate();

      expect(generated.psk).toBe(simulator.keyAtEdge(tunnel.ipsecTunnelId));
      expect(generated).not.toHaveProperty(left);
    });

    it.each([
      ["null", null],
      ["a string", "2026-03-01T12:00:00Z"],
      ["a time that is a number", { last_generated_on: 1_772_366_400 }],
      ["a time that is not an RFC 3339 timestamp", { last_generated_on: "yesterday" }],
      ["an empty time", { last_generated_on: "" }],
    ])("returns the key without a timestamp if the metadata is %s", async (_what, psk_metadata) => {
      respondWith({ ipsec_tunnel_id: tunnel.ipsecTunnelId, psk: "fake-key", psk_metadata });

      expect(await generate()).toStrictEqual({ psk: "fake-key" });
    });

    it("accepts a response without the tunnel's ID", async () => {
      alter("withoutTunnelId");

      expect((await generate()).psk).toBe(simulator.keyAtEdge(tunnel.ipsecTunnelId));
    });

    it("reads a result that is a list of one", async () => {
      respondWith([{ ipsec_tunnel_id: tunnel.ipsecTunnelId, psk: "fake-key" }]);

      expect(await generate()).toStrictEqual({ psk: "fake-key" });
    });

    it("does not take a key that no state can keep as it is", async () => {
      respondWith({ psk: "fake-key-\ud83d" });

      const { code, details } = await rejectionOf(generate());
      expect([code, details.summary]).toEqual(["ERR_OUTCOME_UNKNOWN", expect.stringContaining("half a character")]);
    });

    it("keeps every other character of a key", async () => {
      const odd = "fake\u0000key\u001b[2J\u202e😀";
      respondWith({ psk: odd });

      expect(await generate()).toStrictEqual({ psk: odd });
    });

    it.each(["", "1_\ud83d", "1_\u001b[2J", "1 2", "1".repeat(256)])(
      "leaves out an odd ipsec_id: %j",
      async (ipsec_id) => {
        respondWith({ psk: "fake-key", ipsec_id });

        expect(await generate()).toStrictEqual({ psk: "fake-key" });
      },
    );

    it("rejects a list of several results", async () => {
      respondWith([{ psk: "fake-key-1" }, { psk: "fake-key-2" }]);

      expect((await rejectionOf(generate())).code).toBe("ERR_OUTCOME_UNKNOWN");
    });

    it.each(WRAPPINGS)("reads a response that a proxy has altered: %s", async (_what, wrapping) => {
      simulator.fault({ kind: "wrapped", ...wrapping });

      expect((await generate()).psk).toBe(simulator.keyAtEdge(tunnel.ipsecTunnelId));
      expect(operations()).toEqual(["generate"]);
    });

    it.each([
      ["1032", 404, "ERR_TUNNEL_NOT_FOUND"],
      ["971", 200, "ERR_RATE_LIMITED"],
      ["10000", 403, "ERR_NOT_AUTHORIZED"],
    ])("recognizes a code in quotes: %j under HTTP %d", async (code, status, expected) => {
      const body = { success: false, errors: [{ code, message: "In quotes" }], result: null };
      simulator.fault({ kind: "response", status, body }, { times: Infinity });

      expect((await rejectionOf(generate())).code).toBe(expected);
    });

    it("accepts an ID in upper case", async () => {
      const body = { success: true, result: { ipsec_tunnel_id: tunnel.ipsecTunnelId.toUpperCase(), psk: "fake-key" } };
      simulator.fault({ kind: "response", status: 200, body });

      expect(await generate()).toEqual({ psk: "fake-key" });
    });

    it.each<ResponseChange>(["withoutKey", "anotherTunnel", "notJson", "oversized"])(
      "sends one request if the response cannot be used, and says that the key may have changed: %s",
      async (change) => {
        alter(change);

        const failure = await rejectionOf(generate());

        expect(failure.code).toBe("ERR_OUTCOME_UNKNOWN");
        expect(failure.details.summary).toContain(
          `Cloudflare may have generated a key for IPsec tunnel ${tunnel.ipsecTunnelId} of account ${tunnel.accountId}, but its response cannot be used (`,
        );
        expect(everythingIn(failure)).not.toContain(simulator.keyAtEdge(tunnel.ipsecTunnelId));
        expect(operations()).toEqual(["generate"]);
      },
    );

    it("rejects with ERR_TUNNEL_NOT_FOUND if there is no such tunnel", async () => {
      simulator.removeTunnel(tunnel.ipsecTunnelId);

      expect(await rejectionOf(generate())).toMatchObject({
        code: "ERR_TUNNEL_NOT_FOUND",
        details: {
          summary: `Cannot generate a key for IPsec tunnel ${tunnel.ipsecTunnelId} of account ${tunnel.accountId}: the account has no such tunnel`,
        },
      });
    });
  });

  describe("validatePskGeneration()", () => {
    it("changes nothing, and drops the key in the response", async () => {
      await expect(validate()).resolves.toBeUndefined();

      expect(simulator.issuedKeys()).toHaveLength(1);
      expect(simulator.keyAtEdge(tunnel.ipsecTunnelId)).toBeUndefined();
      expect(operations()).toEqual(["validate"]);
    });

    it("fails as the generation would", async () => {
      simulator.removeTunnel(tunnel.ipsecTunnelId);

      expect((await rejectionOf(validate())).code).toBe("ERR_TUNNEL_NOT_FOUND");
    });

    it("is sent again after a lost response, because it has no effect", async () => {
      simulator.fault({ kind: "reset", effect: false });

      await validate();

      expect(operations()).toEqual(["validate", "validate"]);
    });
  });

  describe("setPsk()", () => {
    const applied = (entry: object = {}) => ({ [tunnel.ipsecTunnelId]: { psk, ...entry } });

    it("sets the key, and returns it with the timestamp and ipsec_id of the response", async () => {
      expect(await set()).toStrictEqual({
        psk,
        lastGeneratedOn: simulator.generatedOn(tunnel.ipsecTunnelId),
        ipsecId: `33145236_${tunnel.ipsecTunnelId}`,
      });
      expect(simulator.keyAtEdge(tunnel.ipsecTunnelId)).toBe(psk);
      expect(simulator.requests()).toMatchObject([{ operation: "set", tunnelId: tunnel.ipsecTunnelId }]);
    });

    it.each<ResponseChange>(["withoutKey", "withoutTimestamp", "withoutIpsecId"])(
      "accepts a response that lacks what is not needed: %s",
      async (change) => {
        alter(change);

        expect((await set()).psk).toBe(psk);
      },
    );

    it.each<[string, () => unknown]>([
      ["no map of unapplied keys", () => ({ successfully_applied_psks: applied() })],
      ["a map that is null", () => ({ successfully_applied_psks: applied(), unapplied_psks: null })],
      ["odd values", () => ({ successfully_applied_psks: applied({ ipsec_id: 1, psk_metadata: "odd" }) })],
      ["an entry that is odd", () => ({ successfully_applied_psks: { [tunnel.ipsecTunnelId]: "odd" } })],
      ["the ID in upper case", () => ({ successfully_applied_psks: { [tunnel.ipsecTunnelId.toUpperCase()]: {} } })],
      [
        "the failure of another tunnel",
        () => ({ successfully_applied_psks: applied(), unapplied_psks: { other: "no" } }),
      ],
    ])("accepts a response with %s", async (_what, result) => {
      respondWith(result());

      expect(await set()).toStrictEqual({ psk });
    });

    it.each<[string, () => unknown]>([
      ["does not name the tunnel", () => ({ successfully_applied_psks: {}, unapplied_psks: {} })],
      ["is about another tunnel", () => ({ successfully_applied_psks: { other: { psk } } })],
      ["is a list", () => []],
      ["has another key", () => ({ successfully_applied_psks: applied({ psk: "another-fake-key" }) })],
      [
        "says both",
        () => ({ successfully_applied_psks: applied(), unapplied_psks: { [tunnel.ipsecTunnelId]: "not now" } }),
      ],
    ])("does not count the key as set if the response %s", async (_what, result) => {
      respondWith(result());

      const failure = await rejectionOf(set());

      expect(failure).toMatchObject({
        code: "ERR_OUTCOME_UNKNOWN",
        details: { remedy: "Run `pulumi up` again: it sets the same key again." },
      });
      expect(everythingIn(failure)).not.toContain("fake-key");
      expect(operations()).toEqual(["set"]);
    });

    it("rejects with what Cloudflare says if the key was not applied, under HTTP 200", async () => {
      const reason = `The key ${psk} (${JSON.stringify(psk)}) is too weak`;
      simulator.fault({ kind: "unapplied", reason });

      const failure = await rejectionOf(set());

      expect(failure.code).toBe("ERR_REFUSED");
      expect(failure.message).toContain(
        `Cannot set the key of IPsec tunnel ${tunnel.ipsecTunnelId} of account ${tunnel.accountId}: Cloudflare refuses it`,
      );
      expect(failure.message).toContain('Cloudflare said: The key [secret] ("[secret]") is too weak (HTTP 200');
      expect(simulator.keyAtEdge(tunnel.ipsecTunnelId)).toBeUndefined();
    });

    it("redacts its key in what Cloudflare says", async () => {
      const body = { success: false, errors: [{ code: 1001, message: `${psk} is not allowed` }], result: null };
      simulator.fault({ kind: "response", status: 400, body });

      const failure = await rejectionOf(set());

      expect(failure.message).toContain("1001 [secret] is not allowed");
      expect(everythingIn(failure)).not.toContain(psk);
    });

    it.each<[string, Fault]>([
      ["a reset", { kind: "reset", effect: true }],
      ["a 5xx", faults.serverError(500, true)],
      ["half a response", { kind: "truncated" }],
      ["a body that is not JSON", { kind: "altered", change: "notJson" }],
    ])("sends one request, and says that the key may have been set: %s", async (_what, fault) => {
      simulator.fault(fault);

      const failure = await rejectionOf(set());

      expect(failure.code).toBe("ERR_OUTCOME_UNKNOWN");
      expect(failure.details.summary).toContain(
        `Cloudflare may have set the key of IPsec tunnel ${tunnel.ipsecTunnelId} of account ${tunnel.accountId}, but `,
      );
      expect(operations()).toEqual(["set"]);
    });

    it.each<[string, Fault]>([
      ["405", { kind: "response", status: 405 }],
      [
        "404 of a route",
        { kind: "response", status: 404, body: { success: false, errors: [{ code: 7000, message: "" }] } },
      ],
      ["404 of a gateway", faults.html(404)],
    ])(
      "rejects with ERR_SET_UNSUPPORTED and the two ways out if there is no such endpoint: %s",
      async (_what, fault) => {
        simulator.fault(fault);

        const failure = await rejectionOf(set());

        expect(failure.code).toBe("ERR_SET_UNSUPPORTED");
        expect(failure.message).toContain(": the API has no endpoint for it, POST …/magic/ipsec_tunnels/psk (HTTP 40");
        expect(failure.details.remedy).toMatch(
          /^Remove psk from the IpsecTunnelPsk, .* Or remove the IpsecTunnelPsk, and set psk/,
        );
        expect(operations()).toEqual(["set"]);
      },
    );

    it.each([
      [404, 1032, "ERR_TUNNEL_NOT_FOUND"],
      [404, 10000, "ERR_NOT_AUTHORIZED"],
      [400, 7003, "ERR_NO_SUCH_ROUTE"],
    ])("does not take HTTP %d with code %d for a missing endpoint", async (status, code, expected) => {
      simulator.fault({ kind: "response", status, body: { success: false, errors: [{ code, message: "No" }] } });

      expect((await rejectionOf(set())).code).toBe(expected);
    });
  });

  describe("validatePskSetting()", () => {
    it("changes nothing", async () => {
      simulator.rotate(tunnel.ipsecTunnelId);
      const [before] = simulator.issuedKeys();

      await expect(validateSetting()).resolves.toBeUndefined();

      expect(simulator.keyAtEdge(tunnel.ipsecTunnelId)).toBe(before);
      expect(operations()).toEqual(["validateSet"]);
    });

    it("fails as the setting would", async () => {
      simulator.removeTunnel(tunnel.ipsecTunnelId);

      const failure = await rejectionOf(validateSetting());

      expect(failure.code).toBe("ERR_REFUSED");
      expect(failure.message).toContain("Cloudflare said: IPsec tunnel not found (HTTP 200");
    });

    it("is sent again after a lost response, because it has no effect", async () => {
      simulator.fault({ kind: "reset", effect: false });

      await validateSetting();

      expect(operations()).toEqual(["validateSet", "validateSet"]);
    });
  });

  describe("findIpsecTunnel()", () => {
    it("finds a tunnel without a key", async () => {
      expect(await find()).toStrictEqual({ id: tunnel.ipsecTunnelId, name: NAME, createdOn: TIMESTAMP });
      expect(operations()).toEqual(["get"]);
    });

    it("returns when the key was generated, to the microsecond", async () => {
      simulator.rotate(tunnel.ipsecTunnelId);

      const found = await find();

      const [shown = "", generated = ""] = [found?.lastGeneratedOn, simulator.generatedOn(tunnel.ipsecTunnelId)];
      expect(Math.abs(Date.parse(shown) - Date.parse(generated))).toBeLessThanOrEqual(1);
      expect(found?.lastGeneratedOn).toMatch(/\.\d{1,6}Z$/);
    });

    it("returns `undefined` if Cloudflare says that there is no such tunnel", async () => {
      simulator.removeTunnel(tunnel.ipsecTunnelId);

      expect(await find()).toBeUndefined();
    });

    it.each([
      ["a 404 without the code", { status: 404, errors: [] }, "ERR_REFUSED"],
      ["a 404 of another code", { status: 404, errors: [{ code: 7000, message: "No route" }] }, "ERR_NO_SUCH_ROUTE"],
      ["the code under another status", { status: 400, errors: [{ code: 1032, message: "No" }] }, "ERR_REFUSED"],
    ])("does not take %s as proof that a tunnel is gone", async (_what, { status, errors }, code) => {
      simulator.fault({ kind: "response", status, body: { success: false, errors, result: null } });

      expect((await rejectionOf(find())).code).toBe(code);
    });

    it.each<[string, unknown]>([
      ["no metadata", undefined],
      ["metadata that is null", null],
      ["empty metadata", {}],
      ["a time that is null", { last_generated_on: null }],
      ["an empty time", { last_generated_on: "" }],
    ])("treats %s as no key", async (_what, psk_metadata) => {
      respondWith({ ipsec_tunnel: { id: tunnel.ipsecTunnelId, psk_metadata } });

      expect(await find()).toStrictEqual({ id: tunnel.ipsecTunnelId });
    });

    it.each(BROKEN_METADATA)("does not treat %s as no key", async (_what, psk_metadata) => {
      respondWith({ ipsec_tunnel: { id: tunnel.ipsecTunnelId, psk_metadata } });

      const { code, details } = await rejectionOf(find());

      expect(code).toBe("ERR_MALFORMED_RESPONSE");
      expect(details.summary).toContain("result.ipsec_tunnel.psk_metadata");
    });

    it.each<ResponseChange>(["anotherTunnel", "withoutTunnelId", "notJson", "oversized"])(
      "rejects a malformed response: %s",
      async (change) => {
        alter(change);

        expect((await rejectionOf(find())).code).toBe("ERR_MALFORMED_RESPONSE");
      },
    );
  });

  // A list could otherwise name a tunnel whose "ID" cuts `validate_only` off.
  it.each<[string, (ids: TunnelRef) => Promise<unknown>]>([
    ["generatePsk", (ids) => generatePsk(test.client, ids, test.options)],
    ["validatePskGeneration", (ids) => validatePskGeneration(test.client, ids, test.options)],
    ["setPsk", (ids) => setPsk(test.client, ids, psk, test.options)],
    ["validatePskSetting", (ids) => validatePskSetting(test.client, ids, psk, test.options)],
    ["findIpsecTunnel", (ids) => findIpsecTunnel(test.client, ids, test.options)],
    ["listIpsecTunnels", ({ accountId }) => listIpsecTunnels(test.client, accountId, test.options)],
  ])("%s() sends nothing for an ID that is a path", async (_name, call) => {
    const failure = await rejectionOf(call({ ...tunnel, accountId: "../../../evil" }));

    expect(failure.code).toBe("ERR_INVALID_INPUT");
    expect(operations()).toEqual([]);
  });

  it("validatePskGeneration() sends nothing for a tunnel that would cut validate_only off", async () => {
    const ipsecTunnelId = `${tunnel.ipsecTunnelId}/psk_generate?`;
    const failure = await rejectionOf(validatePskGeneration(test.client, { ...tunnel, ipsecTunnelId }, test.options));

    expect(failure.code).toBe("ERR_INVALID_INPUT");
    expect(operations()).toEqual([]);
  });

  describe("listIpsecTunnels()", () => {
    it("returns every tunnel, with a timestamp if it has a key", async () => {
      const keyed = simulator.addTunnel({ lastGeneratedOn: "2026-03-01T12:00:00.123456Z" });

      expect(await list()).toStrictEqual([
        { id: tunnel.ipsecTunnelId, name: NAME, createdOn: TIMESTAMP },
        { id: keyed, name: NAME, createdOn: TIMESTAMP, lastGeneratedOn: "2026-03-01T12:00:00.123456Z" },
      ]);
      expect(operations()).toEqual(["list"]);
    });

    it.each<[string, unknown]>([
      ["null", { ipsec_tunnels: null }],
      ["missing", {}],
      ["not a list", { ipsec_tunnels: "none" }],
      ["in a result that is null", null],
      ["in a result that is missing", undefined],
      ["in a result that is a list", []],
    ])("returns nothing if the list is %s", async (_what, result) => {
      respondWith(result);

      expect(await list()).toEqual([]);
    });

    it.each<[string, unknown]>([
      ["null", null],
      ["a string", "odd"],
      ["without an ID", { name: "odd" }],
      ["with an ID that is a number", { id: 7 }],
      ["with an ID that leads elsewhere", { id: "../../../other" }],
      ["with an ID that a terminal would act on", { id: "\u001b[2J" }],
      ...BROKEN_METADATA.map(
        ([what, psk_metadata]) => [`with ${what}`, { id: "e".repeat(32), psk_metadata }] satisfies [string, unknown],
      ),
    ])("leaves out an entry that is %s, and keeps the others", async (_what, odd) => {
      const good = { id: "b".repeat(32), psk_metadata: { last_generated_on: "2026-03-01T12:00:00.123456Z" } };
      respondWith({ ipsec_tunnels: [odd, good, { id: "d".repeat(32), psk_metadata: {} }] });

      expect(await list()).toStrictEqual([
        { id: good.id, lastGeneratedOn: "2026-03-01T12:00:00.123456Z" },
        { id: "d".repeat(32) },
      ]);
    });

    it.each(BROKEN_METADATA)(
      "still names a tunnel with %s, so that its name can be resolved",
      async (_what, psk_metadata) => {
        respondWith({ ipsec_tunnels: [{ id: "e".repeat(32), name: "branch-1", psk_metadata }] });

        const { named } = await readTunnelList(test.client, tunnel.accountId, test.options);

        expect(named).toStrictEqual([{ id: "e".repeat(32), name: "branch-1" }]);
      },
    );

    it("returns a tunnel's name and when it was created as Cloudflare shows them", async () => {
      const naming = { name: " Branch-1 ", created_on: "2026-11-30T07:01:05.040555Z" };
      respondWith({ ipsec_tunnels: [{ id: tunnel.ipsecTunnelId, ...naming }] });

      expect(await list()).toStrictEqual([
        { id: tunnel.ipsecTunnelId, name: naming.name, createdOn: naming.created_on },
      ]);
    });

    it.each<[string, object]>([
      ["null", { name: null, created_on: null }],
      ["numbers", { name: 7, created_on: 1_772_366_400 }],
      ["objects", { name: {}, created_on: [] }],
      ["missing", {}],
    ])("keeps a tunnel whose name and creation time are %s, because its ID names it, too", async (_what, odd) => {
      respondWith({ ipsec_tunnels: [{ id: tunnel.ipsecTunnelId, ...odd }] });

      expect(await list()).toStrictEqual([{ id: tunnel.ipsecTunnelId }]);
    });

    it("leaves out a creation time that cannot be compared, and keeps the name", async () => {
      respondWith({ ipsec_tunnels: [{ id: tunnel.ipsecTunnelId, name: "branch-1", created_on: "yesterday" }] });

      expect(await list()).toStrictEqual([{ id: tunnel.ipsecTunnelId, name: "branch-1" }]);
    });

    it("reads a list of 1,000 tunnels", async () => {
      for (let count = 1; count < 1_000; count += 1) simulator.addTunnel();

      expect(await list()).toHaveLength(1_000);
    });

    it("rejects with ERR_NOT_AUTHORIZED without permission", async () => {
      simulator.fault(faults.html(403));

      expect(await rejectionOf(list())).toMatchObject({
        code: "ERR_NOT_AUTHORIZED",
        details: { summary: `Cannot list the IPsec tunnels of account ${tunnel.accountId}: Cloudflare refuses it` },
      });
    });
  });
});

describe("completeList()", () => {
  let simulator: Simulator;
  let test: TestClient;

  beforeEach(async () => {
    simulator = await startSimulator();
    test = testClient(simulator.url, { apiToken: simulator.apiToken });
  });

  afterEach(async () => {
    await test.close();
    await simulator.close();
  });

  const complete = (ipsecTunnelId: string, listed: readonly IpsecTunnel[]) =>
    completeList(test.client, { accountId: simulator.accountId, ipsecTunnelId }, listed, test.options);

  it("returns a list that has the tunnel as it is, and sends nothing", async () => {
    const listed = [{ id: "b".repeat(32) }];

    expect(await complete("b".repeat(32), listed)).toBe(listed);
    expect(simulator.requests()).toEqual([]);
  });

  it("adds the tunnel as a read of it shows it", async () => {
    const lastGeneratedOn = "2026-03-01T12:00:00.123456Z";
    const id = simulator.addTunnel({ lastGeneratedOn });

    expect(await complete(id, [{ id: "b".repeat(32) }])).toMatchObject([
      { id: "b".repeat(32) },
      { id, lastGeneratedOn },
    ]);
  });

  it("adds nothing if Cloudflare says that there is no such tunnel", async () => {
    const listed = [{ id: "b".repeat(32) }];

    expect(await complete("c".repeat(32), listed)).toEqual(listed);
    expect(simulator.requests()).toMatchObject([{ operation: "get", status: 404 }]);
  });

  it("rejects if the read cannot be used either", async () => {
    simulator.fault(faults.html(200), { operations: ["get"] });

    expect((await rejectionOf(complete("c".repeat(32), []))).code).toBe("ERR_MALFORMED_RESPONSE");
  });
});

describe("findListed()", () => {
  const id = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
  const listed = { id, lastGeneratedOn: "2026-03-01T12:00:00.123456Z" };

  it("finds an ID", () => {
    expect(findListed([{ id: "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee" }, listed], id)).toBe(listed);
  });

  it("returns `undefined` if the list does not have the tunnel", () => {
    expect(findListed([listed], "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee")).toBeUndefined();
  });
});
