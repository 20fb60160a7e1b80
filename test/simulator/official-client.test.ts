import Cloudflare from "cloudflare";
import type { Simulator } from "../../src/simulator";
import { startSimulator } from "../../src/simulator";
import { account as account_id, requiredFields } from "./support";

describe("startSimulator() with the official cloudflare client", () => {
  let simulator: Simulator;
  let client: Cloudflare;

  beforeEach(async () => {
    simulator = await startSimulator({ users: [{ email: "a@example.com", key: "fake-key" }] });
    client = newClient({ apiToken: simulator.apiToken });
  });

  afterEach(async () => {
    await simulator.close();
  });

  // Credentials from the environment must not be used.
  function newClient(credentials: { apiToken?: string; apiEmail?: string; apiKey?: string }): Cloudflare {
    const none = { apiToken: null, apiEmail: null, apiKey: null, userServiceKey: null };
    return new Cloudflare({ ...none, ...credentials, baseURL: simulator.url, maxRetries: 0 });
  }

  it("creates, reads, lists, updates and deletes tunnels", async () => {
    const { ipsecTunnels } = client.magicTransit;

    const created = await ipsecTunnels.create({ account_id, ...requiredFields });
    expect(created).toMatchObject(requiredFields);
    const { id } = created;
    expect((await ipsecTunnels.get(id, { account_id })).ipsec_tunnel).toEqual(created);
    expect((await ipsecTunnels.list({ account_id })).ipsec_tunnels).toEqual([created]);

    const updated = await ipsecTunnels.update(id, { account_id, ...requiredFields, description: "moved" });
    expect(updated).toMatchObject({ modified: true, modified_ipsec_tunnel: { id, description: "moved" } });

    expect(await ipsecTunnels.delete(id, { account_id })).toMatchObject({
      deleted: true,
      deleted_ipsec_tunnel: { id },
    });
    expect((await ipsecTunnels.list({ account_id })).ipsec_tunnels).toEqual([]);
    expect(simulator.requests().map(({ operation, tookEffect }) => [operation, tookEffect])).toEqual([
      ["create", true],
      ["get", false],
      ["list", false],
      ["update", true],
      ["delete", true],
      ["list", false],
    ]);
  });

  it("updates several tunnels", async () => {
    const id = simulator.addTunnel({ name: "branch-1" });

    const { modified_ipsec_tunnels } = await client.magicTransit.ipsecTunnels.bulkUpdate({
      account_id,
      body: { ipsec_tunnels: [{ id, description: "moved" }] },
      "x-magic-new-hc-target": true,
    });

    expect(modified_ipsec_tunnels).toMatchObject([
      { id, name: "branch-1", description: "moved", health_check: { target: { effective: "" } } },
    ]);
    expect(simulator.requests()).toMatchObject([{ operation: "bulkUpdate", tookEffect: true }]);
  });

  it("generates a key", async () => {
    const id = simulator.addTunnel();

    const generated = await client.magicTransit.ipsecTunnels.pskGenerate(id, { account_id });

    expect(generated).toMatchObject({ ipsec_tunnel_id: id, psk: simulator.keyAtEdge(id) });
    expect(generated.psk_metadata?.last_generated_on).toBe(simulator.generatedOn(id));
  });

  it("validates without changing anything", async () => {
    const id = simulator.addTunnel({ psk: "a-fake-key-for-tests-only" });
    const before = simulator.generatedOn(id);

    await client.magicTransit.ipsecTunnels.pskGenerate(id, { account_id }, { query: { validate_only: true } });

    expect(simulator.keyAtEdge(id)).toBe("a-fake-key-for-tests-only");
    expect(simulator.generatedOn(id)).toBe(before);
    expect(simulator.requests()).toMatchObject([{ operation: "validate", tunnelId: id, tookEffect: false }]);
  });

  it("sets keys, and tells those that were applied from those that were not", async () => {
    const id = simulator.addTunnel();
    const missing = "ffffffffffffffffffffffffffffffff";
    const [psk, other] = ["a-fake-key-for-tests-only", "another-fake-key-for-tests-only"];

    const result = await client.magicTransit.ipsecTunnels.pskSet({
      account_id,
      psks: [
        { id, psk },
        { id: missing, psk: other },
      ],
    });

    expect(result).toEqual({
      successfully_applied_psks: {
        [id]: {
          ipsec_id: `33145236_${id}`,
          ipsec_tunnel_id: id,
          psk,
          psk_metadata: { last_generated_on: simulator.generatedOn(id) },
        },
      },
      unapplied_psks: { [missing]: "IPsec tunnel not found" },
    });
    expect(simulator.keyAtEdge(id)).toBe(psk);
    expect(simulator.requests()).toMatchObject([{ operation: "set", tookEffect: true }]);
  });

  it("validates a key without setting it", async () => {
    const id = simulator.addTunnel({ psk: "a-fake-key-for-tests-only" });
    const before = simulator.generatedOn(id);
    const psks = [{ id, psk: "another-fake-key-for-tests-only" }];

    await client.magicTransit.ipsecTunnels.pskSet({ account_id, psks, validate_only: true });

    expect(simulator.keyAtEdge(id)).toBe("a-fake-key-for-tests-only");
    expect(simulator.generatedOn(id)).toBe(before);
    expect(simulator.requests()).toMatchObject([{ operation: "validateSet", tunnelId: id, tookEffect: false }]);
  });

  it("accepts an email and a key", async () => {
    const byKey = newClient({ apiEmail: "a@example.com", apiKey: "fake-key" });

    expect(await byKey.magicTransit.ipsecTunnels.list({ account_id })).toEqual({ ipsec_tunnels: [] });
  });

  it("returns errors with their codes", async () => {
    const missing = "ffffffffffffffffffffffffffffffff";

    await expect(client.magicTransit.ipsecTunnels.get(missing, { account_id })).rejects.toMatchObject({
      status: 404,
      errors: [{ code: 1032 }],
    });
    await expect(
      newClient({ apiToken: "fake-unknown" }).magicTransit.ipsecTunnels.list({ account_id }),
    ).rejects.toMatchObject({ status: 401, errors: [{ code: 10000 }] });
  });
});
