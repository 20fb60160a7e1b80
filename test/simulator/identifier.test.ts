import { createCloudflareApi, startSimulator } from "../../src/simulator";
import { account, fakeApi, parse, send } from "./support";

const tunnelId = "89abcdef0123456789abcdef01234567";
const inUpperCase = tunnelId.toUpperCase();

describe("IDs in upper case", () => {
  const upper = "FEDCBA9876543210FEDCBA9876543210";
  const lower = upper.toLowerCase();
  const token = "fake-token";
  const api = () =>
    createCloudflareApi({
      accounts: [{ id: upper, tunnels: [{ id: inUpperCase }] }],
      tokens: [{ token, accounts: [upper] }],
    });

  it("in the options are those of requests in lower case, as Cloudflare writes them", () => {
    const created = api();
    const path = `/client/v4/accounts/${lower}/magic/ipsec_tunnels/${tunnelId}`;

    const { status, body } = created.handle({
      method: "GET",
      path,
      headers: { authorization: `Bearer ${token}` },
      body: "",
    });

    expect(created.accountId).toBe(lower);
    expect(status).toBe(200);
    expect(parse(body).result?.ipsec_tunnel?.id).toBe(tunnelId);
  });

  it("name the same tunnel in every function that takes one", () => {
    const created = api();

    const psk = created.rotate(inUpperCase);

    expect(created.keyAtEdge(tunnelId)).toBe(psk);
    expect(created.keyAtEdge(inUpperCase)).toBe(psk);
    expect(created.generatedOn(inUpperCase)).toBe(created.generatedOn(tunnelId));
    created.removeTunnel(inUpperCase);
    expect(created.keyAtEdge(inUpperCase)).toBeUndefined();
  });

  it("are returned by `addTunnel()` in lower case, even for an account in upper case", () => {
    expect(api().addTunnel({ id: upper, accountId: upper })).toBe(lower);
  });

  it("in a request are refused, the strict choice", () => {
    const { api: created, ask } = fakeApi();
    created.addTunnel({ id: tunnelId });

    expect(ask("GET", `/${inUpperCase}`).status).toBe(404);
    expect(ask("GET", `/${tunnelId}`).status).toBe(200);
  });

  it("in a fault's scope hit the requests for this tunnel", async () => {
    const simulator = await startSimulator({ accounts: [{ id: account, tunnels: [{ id: tunnelId }] }] });
    simulator.fault({ kind: "response", status: 503 }, { tunnelId: inUpperCase });

    const { status } = await send(simulator, "GET", `/${tunnelId}`);
    await simulator.close();

    expect(status).toBe(503);
  });
});
