import {
  findIpsecTunnel,
  findListed,
  generatePsk,
  listIpsecTunnels,
  type TunnelRef,
  validatePskGeneration,
} from "../../src/cloudflare/ipsec-tunnels";
import { type Change, faults, type Simulator, startSimulator } from "../../src/simulator";
import { everythingIn, rejectionOf } from "../support/failure-of";
import { testClient, type TestClient } from "../support/test-client";

describe("the tunnel endpoints", () => {
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
  const find = () => findIpsecTunnel(test.client, tunnel, test.options);
  const list = () => listIpsecTunnels(test.client, tunnel.accountId, test.options);
  const alter = (change: Change) => {
    simulator.fault({ kind: "altered", change });
  };
  const operations = () => simulator.requests().map(({ operation }) => operation);

  describe("generatePsk()", () => {
    it("returns the key that is in force, and what belongs to it", async () => {
      expect(await generate()).toStrictEqual({
        psk: simulator.keyAtEdge(tunnel.ipsecTunnelId),
        lastGeneratedOn: simulator.generatedOn(tunnel.ipsecTunnelId),
        ipsecId: `33145236_${tunnel.ipsecTunnelId}`,
      });
      expect(operations()).toEqual(["generate"]);
    });

    it.each<[Change, string]>([
      ["withoutTimestamp", "lastGeneratedOn"],
      ["withoutIpsecId", "ipsecId"],
    ])("does without what Cloudflare leaves out: %s", async (change, left) => {
      alter(change);

      const generated = await generate();

      expect(generated.psk).toBe(simulator.keyAtEdge(tunnel.ipsecTunnelId));
      expect(generated).not.toHaveProperty(left);
    });

    it("takes an answer without the tunnel's id for ours", async () => {
      alter("withoutTunnelId");

      expect((await generate()).psk).toBe(simulator.keyAtEdge(tunnel.ipsecTunnelId));
    });

    it("does not mind ids in upper case", async () => {
      const body = { success: true, result: { ipsec_tunnel_id: tunnel.ipsecTunnelId.toUpperCase(), psk: "fake-key" } };
      simulator.fault({ kind: "answer", status: 200, body });

      expect(await generate()).toEqual({ psk: "fake-key" });
    });

    it.each<Change>(["withoutKey", "anotherTunnel", "notJson", "oversized"])(
      "asks once when the answer cannot be used, and says the key may have changed: %s",
      async (change) => {
        alter(change);

        const failure = await rejectionOf(generate());

        expect(failure.code).toBe("ERR_OUTCOME_UNKNOWN");
        expect(everythingIn(failure)).not.toContain(simulator.keyAtEdge(tunnel.ipsecTunnelId));
        expect(operations()).toEqual(["generate"]);
      },
    );

    it("says that there is no such tunnel", async () => {
      simulator.removeTunnel(tunnel.ipsecTunnelId);

      expect(await rejectionOf(generate())).toMatchObject({
        code: "ERR_TUNNEL_NOT_FOUND",
        details: {
          what: `Cannot generate a key for IPsec tunnel ${tunnel.ipsecTunnelId} of account ${tunnel.accountId} as the account has no such tunnel`,
        },
      });
    });
  });

  describe("validatePskGeneration()", () => {
    it("changes nothing, and drops the key of the answer", async () => {
      await expect(validate()).resolves.toBeUndefined();

      expect(simulator.issuedKeys()).toHaveLength(1);
      expect(simulator.keyAtEdge(tunnel.ipsecTunnelId)).toBeUndefined();
      expect(operations()).toEqual(["validate"]);
    });

    it("is refused as the generation would be", async () => {
      simulator.removeTunnel(tunnel.ipsecTunnelId);

      expect((await rejectionOf(validate())).code).toBe("ERR_TUNNEL_NOT_FOUND");
    });

    it("is sent again after a lost answer, for it has no effect", async () => {
      simulator.fault({ kind: "reset", effect: false });

      await validate();

      expect(operations()).toEqual(["validate", "validate"]);
    });
  });

  describe("findIpsecTunnel()", () => {
    it("finds a tunnel without a key", async () => {
      expect(await find()).toStrictEqual({ id: tunnel.ipsecTunnelId });
      expect(operations()).toEqual(["get"]);
    });

    it("tells when a tunnel's key was generated, to the microsecond", async () => {
      simulator.rotate(tunnel.ipsecTunnelId);

      const found = await find();

      const [shown = "", generated = ""] = [found?.lastGeneratedOn, simulator.generatedOn(tunnel.ipsecTunnelId)];
      expect(Math.abs(Date.parse(shown) - Date.parse(generated))).toBeLessThanOrEqual(1);
      expect(found?.lastGeneratedOn).toMatch(/\.\d{1,6}Z$/);
    });

    it("does not find a tunnel that Cloudflare says is not there", async () => {
      simulator.removeTunnel(tunnel.ipsecTunnelId);

      expect(await find()).toBeUndefined();
    });

    it.each([
      ["a 404 without the code", { status: 404, errors: [] }, "ERR_REFUSED"],
      ["a 404 of another code", { status: 404, errors: [{ code: 7000, message: "No route" }] }, "ERR_NO_SUCH_ROUTE"],
      ["the code under another status", { status: 400, errors: [{ code: 1032, message: "No" }] }, "ERR_REFUSED"],
    ])("takes %s for no proof that a tunnel is gone", async (_what, { status, errors }, code) => {
      simulator.fault({ kind: "answer", status, body: { success: false, errors, result: null } });

      expect((await rejectionOf(find())).code).toBe(code);
    });

    it.each<Change>(["anotherTunnel", "withoutTunnelId", "notJson", "oversized"])(
      "does not believe a malformed answer: %s",
      async (change) => {
        alter(change);

        expect((await rejectionOf(find())).code).toBe("ERR_MALFORMED_ANSWER");
      },
    );
  });

  describe("listIpsecTunnels()", () => {
    it("lists every tunnel, with the time stamps of those that have a key", async () => {
      const keyed = simulator.addTunnel({ lastGeneratedOn: "2026-03-01T12:00:00.123456Z" });

      expect(await list()).toStrictEqual([
        { id: tunnel.ipsecTunnelId },
        { id: keyed, lastGeneratedOn: "2026-03-01T12:00:00.123456Z" },
      ]);
      expect(operations()).toEqual(["list"]);
    });

    it("lists 1,000 tunnels", async () => {
      for (let count = 1; count < 1_000; count += 1) simulator.addTunnel();

      expect(await list()).toHaveLength(1_000);
    });

    it("is refused without permission", async () => {
      simulator.fault(faults.html(403));

      expect(await rejectionOf(list())).toMatchObject({
        code: "ERR_NOT_AUTHORIZED",
        details: { what: `Cannot list the IPsec tunnels of account ${tunnel.accountId} as Cloudflare refuses it` },
      });
    });
  });
});

describe("findListed()", () => {
  const id = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
  const listed = { id, lastGeneratedOn: "2026-03-01T12:00:00.123456Z" };

  it("takes both cases for one id", () => {
    expect(findListed([{ id: "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee" }, listed], id.toUpperCase())).toBe(listed);
  });

  it("finds nothing where there is nothing", () => {
    expect(findListed([listed], "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee")).toBeUndefined();
  });
});
