import { createCloudflareApi } from "../../src/simulator";
import { account, fakeApi, fakeKey, parse, requiredFields, thrownBy, tunnels } from "./support";

const unknown = "ffffffffffffffffffffffffffffffff";

describe("handle() refuses", () => {
  it.each<[string, string, string, string, number, number[]]>([
    ["an unknown tunnel", "GET", `${tunnels}/${unknown}`, "", 404, [1032]],
    ["a key for an unknown tunnel", "POST", `${tunnels}/${unknown}/psk_generate`, "{}", 404, [1032]],
    ["an update of an unknown tunnel", "PUT", `${tunnels}/${unknown}`, "{}", 404, [1032]],
    ["a deletion of an unknown tunnel", "DELETE", `${tunnels}/${unknown}`, "", 404, [1032]],
    ["a malformed account ID", "GET", "/client/v4/accounts/not-hex/magic/ipsec_tunnels", "", 400, [7003, 7000]],
    ["another path", "GET", "/client/v4/accounts", "", 404, [7000]],
    ["another method", "PATCH", `${tunnels}/${unknown}`, "{}", 404, [7000]],
    ["a path without its prefix", "GET", tunnels.replace("/client/v4", ""), "", 404, [7000]],
    ["a body that is not JSON", "POST", `${tunnels}/${unknown}/psk_generate`, "psk=1", 400, [1001]],
    ["a body that is not an object", "POST", `${tunnels}/${unknown}/psk_generate`, "[]", 400, [1001]],
    ["a tunnel without a body", "POST", tunnels, "", 400, [1001]],
  ])("%s", (_what, method, path, body, status, codes) => {
    const { api } = fakeApi();

    const response = api.handle({ method, path, headers: { authorization: `Bearer ${api.apiToken}` }, body });

    expect(response.status).toBe(status);
    expect(parse(response.body)).toMatchObject({ success: false, result: null });
    expect(parse(response.body).errors.map((error) => error.code)).toEqual(codes);
  });

  it("an account that is not onboarded", () => {
    const { ask } = fakeApi({ accounts: [{ id: account, onboarded: false }] });

    expect(ask("GET", "").status).toBe(403);
    expect(parse(ask("GET", "").body).errors).toMatchObject([{ code: 1012 }]);
  });

  it.each<[string, Record<string, unknown>]>([
    ["/name", { ...requiredFields, name: "taken" }],
    ["/name", { ...requiredFields, name: undefined }],
    ["/cloudflare_endpoint", { ...requiredFields, cloudflare_endpoint: "" }],
    ["/interface_address", { ...requiredFields, interface_address: 1 }],
    ["/psk", { ...requiredFields, psk: "" }],
    ["/health_check", { ...requiredFields, health_check: "on" }],
  ])("a wrong %s, with a pointer to it", (pointer, body) => {
    const { api, ask } = fakeApi();
    api.addTunnel({ name: "taken" });

    const response = ask("POST", "", body);

    expect(response.status).toBe(400);
    expect(parse(response.body).errors).toMatchObject([{ source: { pointer } }]);
  });
});

describe("handle() sends with every response", () => {
  it("JSON and a new Ray ID", () => {
    const { ask } = fakeApi();
    const rays = [ask("GET", ""), ask("GET", `/${unknown}`)].map(({ headers }) => headers["cf-ray"]);

    expect(ask("GET", "").headers["content-type"]).toBe("application/json");
    expect(rays).toEqual([expect.stringMatching(/^[0-9a-f]{16}-SIM$/), expect.stringMatching(/^[0-9a-f]{16}-SIM$/)]);
    expect(rays[0]).not.toBe(rays[1]);
  });
});

describe("psk_generate", () => {
  it.each(["", "{}"])("generates a new key and returns it, for a body of %j", (body) => {
    const { api } = fakeApi();
    const id = api.addTunnel();
    const headers = { authorization: `Bearer ${api.apiToken}` };

    const response = api.handle({ method: "POST", path: `${tunnels}/${id}/psk_generate`, headers, body });

    expect(response).toMatchObject({ status: 200, tookEffect: true });
    expect(parse(response.body).result).toEqual({
      ipsec_id: `33145236_${id}`,
      ipsec_tunnel_id: id,
      psk: api.keyAtEdge(id),
      psk_metadata: { last_generated_on: api.generatedOn(id) },
    });
    expect(api.keyAtEdge(id)).toMatch(/^[\w-]{43}$/);
  });

  it("returns nanoseconds, which a read rounds to microseconds", () => {
    const { api, result } = fakeApi({ now: () => 1_700_000_000_999, random: () => Buffer.alloc(32, 0xff) });
    const id = api.addTunnel({ id: unknown });

    const generated = result("POST", `/${id}/psk_generate`, {});
    const read = result("GET", `/${id}`);

    // The clock gave 22:13:20.999 and 967,295 ns; adding the tunnel took the instant before this one.
    expect(generated?.psk_metadata?.last_generated_on).toBe("2023-11-14T22:13:20.999968295Z");
    expect(read?.ipsec_tunnel?.psk_metadata?.last_generated_on).toBe("2023-11-14T22:13:20.999968Z");
  });

  it("generates another key with a later timestamp each time", () => {
    const { api } = fakeApi({ now: () => 1_700_000_000_000 });
    const id = api.addTunnel();
    const seen = Array.from({ length: 50 }, () => ({ psk: api.rotate(id), on: api.generatedOn(id) }));

    expect(new Set(seen.map(({ psk }) => psk)).size).toBe(50);
    expect(seen.map(({ on }) => on)).toEqual([...new Set(seen.map(({ on }) => on))].sort());
    expect(api.issuedKeys()).toEqual(seen.map(({ psk }) => psk));
  });

  it("has no effect if it only validates, but shows a plausible key", () => {
    const { api, ask, result } = fakeApi();
    const id = api.addTunnel({ psk: fakeKey });
    const before = result("GET", `/${id}`);

    const response = ask("POST", `/${id}/psk_generate?validate_only=true`, {});
    const shown = parse(response.body).result;

    expect(response.tookEffect).toBe(false);
    expect(shown?.psk).toMatch(/^[\w-]{43}$/);
    expect(shown?.psk_metadata?.last_generated_on).not.toBe(api.generatedOn(id));
    expect(api.keyAtEdge(id)).toBe(fakeKey);
    expect(result("GET", `/${id}`)).toEqual(before);
    expect(api.issuedKeys()).toEqual([fakeKey, shown?.psk]);
  });

  it.each(["validate_only=1", "validate_only=false", "validateOnly=true"])("takes effect with ?%s", (query) => {
    const { api, ask } = fakeApi();
    const id = api.addTunnel();

    expect(ask("POST", `/${id}/psk_generate?${query}`, {}).tookEffect).toBe(true);
    expect(api.keyAtEdge(id)).toBeDefined();
  });
});

describe("A tunnel", () => {
  it("is listed and read without its key", () => {
    const { api, ask } = fakeApi();
    const id = api.addTunnel({ psk: fakeKey, lastGeneratedOn: "2026-01-02T03:04:05.999999999Z" });

    const shown = [ask("GET", "").body, ask("GET", `/${id}`).body, ask("PUT", `/${id}`, {}).body];

    expect(shown.join()).not.toContain(fakeKey);
    expect(parse(shown[1] ?? "").result?.ipsec_tunnel).toMatchObject({
      id,
      psk_metadata: { last_generated_on: "2026-01-02T03:04:06.000000Z" },
      remote_identities: {
        fqdn_id: `${id}.33145236.ipsec.cloudflare.com`,
        user_id: `ipsec@${id}.33145236.ipsec.cloudflare.com`,
      },
    });
    expect(parse(shown[0] ?? "").result?.ipsec_tunnels).toEqual([parse(shown[1] ?? "").result?.ipsec_tunnel]);
  });

  it("shows an empty psk_metadata while it has no key", () => {
    const { api, result } = fakeApi();
    const id = api.addTunnel();

    expect(api.keyAtEdge(id)).toBeUndefined();
    expect(result("GET", `/${id}`)?.ipsec_tunnel?.psk_metadata).toEqual({});
  });

  it("that is created with a key has the key and a timestamp", () => {
    const { api, result } = fakeApi();

    const created = result("POST", "", { ...requiredFields, psk: fakeKey }) as { id: string; psk_metadata: object };

    expect(created.psk_metadata).toHaveProperty("last_generated_on");
    expect(api.keyAtEdge(created.id)).toBe(fakeKey);
    expect(api.issuedKeys()).toEqual([fakeKey]);
  });

  it("keeps its key and timestamp in an update without psk", () => {
    const { api, result } = fakeApi();
    const id = api.addTunnel({ psk: fakeKey });
    const before = result("GET", `/${id}`)?.ipsec_tunnel;

    const after = result("PUT", `/${id}`, { description: "moved" })?.modified_ipsec_tunnel;

    expect(after).toMatchObject({ description: "moved", psk_metadata: before?.psk_metadata });
    expect(after?.modified_on).not.toBe(before?.modified_on);
    expect(api.keyAtEdge(id)).toBe(fakeKey);
  });

  it("shows the saved and the effective target of its health check if the request asks for it", () => {
    const { api, ask } = fakeApi();
    const id = api.addTunnel({ fields: { health_check: { target: "192.0.2.1" } } });
    const target = (more?: Record<string, string>) =>
      parse(ask("GET", `/${id}`, undefined, more).body).result?.ipsec_tunnel?.health_check;

    expect(target()).toMatchObject({ target: "192.0.2.1", rate: "mid" });
    expect(target({ "x-magic-new-hc-target": "true" })).toMatchObject({
      target: { saved: "192.0.2.1", effective: "192.0.2.1" },
    });
  });

  it("is neither created, changed nor deleted by calls that only validate", () => {
    const { api, ask, result } = fakeApi();
    const id = api.addTunnel({ name: "kept", psk: fakeKey });
    const before = result("GET", "");

    const responses = [
      ask("POST", "?validate_only=true", requiredFields),
      ask("PUT", `/${id}?validate_only=true`, { name: "renamed", psk: "another-fake-key" }),
      ask("DELETE", `/${id}?validate_only=true`),
    ];

    expect(responses.map(({ status, tookEffect }) => ({ status, tookEffect }))).toEqual(
      Array(3).fill({ status: 200, tookEffect: false }),
    );
    expect(result("GET", "")).toEqual(before);
    expect(api.keyAtEdge(id)).toBe(fakeKey);
  });
});

describe("createCloudflareApi()", () => {
  it.each<[string, () => unknown]>([
    ["an account ID that is not hexadecimal", () => createCloudflareApi({ accounts: [{ id: "not-hex" }] })],
    ["a tunnel ID that is not hexadecimal", () => fakeApi().api.addTunnel({ id: "not-hex" })],
    ["a tunnel of an unknown account", () => fakeApi().api.addTunnel({ accountId: unknown })],
    ["a timestamp that is not one", () => fakeApi().api.addTunnel({ lastGeneratedOn: "soon" })],
    [
      "to remove an unknown tunnel",
      () => {
        fakeApi().api.removeTunnel(unknown);
      },
    ],
    ["to rotate an unknown tunnel", () => fakeApi().api.rotate(unknown)],
    ["to return the key of an unknown tunnel", () => fakeApi().api.keyAtEdge(unknown)],
    ["to return when the key of an unknown tunnel was generated", () => fakeApi().api.generatedOn(unknown)],
    [
      "to revoke an unknown token",
      () => {
        fakeApi().api.revokeToken("fake-unknown");
      },
    ],
  ])("refuses %s", (_what, attempt) => {
    expect(attempt).toThrow(RangeError);
  });

  it("refuses a second tunnel with the same ID or name", () => {
    const { api } = fakeApi();
    const id = api.addTunnel({ name: "one" });

    expect(() => api.addTunnel({ id })).toThrow(RangeError);
    expect(() => api.addTunnel({ name: "one" })).toThrow(RangeError);
  });

  it("does not quote an unknown token", () => {
    const { api } = fakeApi();

    expect(
      String(
        thrownBy(() => {
          api.revokeToken("fake-unknown");
        }),
      ),
    ).not.toContain("fake-unknown");
  });

  it("removes a tunnel, as another administrator might", () => {
    const { api, ask } = fakeApi();
    const id = api.addTunnel({ psk: fakeKey });

    api.removeTunnel(id);

    expect(ask("GET", `/${id}`).status).toBe(404);
    expect([api.keyAtEdge(id), api.generatedOn(id)]).toEqual([undefined, undefined]);
    expect(() => api.rotate(id)).toThrow(RangeError);
  });

  it("accepts the ID of a tunnel that a request created, or only validated", () => {
    const { api, result } = fakeApi();
    const create = (query: string) => result("POST", query, requiredFields) as { id: string };

    const ids = [create("?validate_only=true").id, create("").id];

    expect(ids.map((id) => api.keyAtEdge(id))).toEqual([undefined, undefined]);
  });
});
