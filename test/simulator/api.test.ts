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
    ["/bgp/customer_asn", { ...requiredFields, bgp: {} }],
  ])("a wrong %s, with a pointer to it", (pointer, body) => {
    const { api, ask } = fakeApi();
    api.addTunnel({ name: "taken" });

    const response = ask("POST", "", body);

    expect(response.status).toBe(400);
    expect(parse(response.body).errors).toMatchObject([{ source: { pointer } }]);
  });
});

describe("handle() refuses to set keys", () => {
  const entry = { id: unknown, psk: fakeKey };

  it.each<[string, unknown]>([
    ["/psks", undefined],
    ["/psks", []],
    ["/psks", { [unknown]: fakeKey }],
    ["/psks/0/id", [{ psk: fakeKey }]],
    ["/psks/0/psk", [{ id: unknown }]],
    ["/psks/0/psk", [{ id: unknown, psk: "" }]],
    ["/psks/0/id", [null]],
    ["/psks/1/id", [entry, entry]],
  ])("with a wrong %s", (pointer, psks) => {
    const { ask } = fakeApi();

    const response = ask("POST", "/psk", { psks });

    expect(response.status).toBe(400);
    expect(parse(response.body).errors).toMatchObject([{ source: { pointer } }]);
  });

  it("without a body that is an object", () => {
    const { ask } = fakeApi();

    expect(ask("POST", "/psk", [entry]).status).toBe(400);
  });

  it("of an account whose tunnels the caller may only read", () => {
    const { api, ask } = fakeApi({ tokens: [{ token: "fake-token", permissions: ["Magic WAN Read"] }] });
    const id = api.addTunnel();

    expect(ask("POST", "/psk", { psks: [{ id, psk: fakeKey }] }).status).toBe(403);
    expect(api.keyAtEdge(id)).toBeUndefined();
  });

  it("of a tunnel of another account", () => {
    const other = "fedcba9876543210fedcba9876543210";
    const { api, result } = fakeApi({ accounts: [{ id: account }, { id: other }] });
    const id = api.addTunnel({ accountId: other });

    expect(result("POST", "/psk", { psks: [{ id, psk: fakeKey }] })).toEqual({
      successfully_applied_psks: {},
      unapplied_psks: { [id]: "IPsec tunnel not found" },
    });
    expect(api.keyAtEdge(id)).toBeUndefined();
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

  it.each<[string, object, string, object]>([
    [
      "a saved one",
      { health_check: { target: "192.0.2.1" } },
      "192.0.2.1",
      { saved: "192.0.2.1", effective: "192.0.2.1" },
    ],
    [
      "a saved one in the form of an object",
      { health_check: { target: { saved: "192.0.2.1", effective: "ignored" } } },
      "192.0.2.1",
      { saved: "192.0.2.1", effective: "192.0.2.1" },
    ],
    ["the default, which is the router", { customer_endpoint: "192.0.2.2" }, "192.0.2.2", { effective: "192.0.2.2" }],
    [
      "the default for an empty one",
      { customer_endpoint: "192.0.2.2", health_check: { target: { saved: "" } } },
      "192.0.2.2",
      { effective: "192.0.2.2" },
    ],
    [
      "the router's side of a /31 in both directions",
      { interface_address: "10.213.0.9/31", health_check: { direction: "bidirectional" } },
      "10.213.0.8",
      { effective: "10.213.0.8" },
    ],
    [
      "the router's side of a /30 in both directions",
      { interface_address: "10.213.0.9/30", health_check: { direction: "bidirectional" } },
      "10.213.0.10",
      { effective: "10.213.0.10" },
    ],
    ["none that can be calculated", {}, "", { effective: "" }],
  ])(
    "shows the target of its health check in the form that the request asks for: %s",
    (_what, fields, text, object) => {
      const { api, ask } = fakeApi();
      const id = api.addTunnel({ fields: fields as Record<string, unknown> });
      const check = (more?: Record<string, string>) =>
        parse(ask("GET", `/${id}`, undefined, more).body).result?.ipsec_tunnel?.health_check;
      const defaults = { enabled: true, rate: "mid", type: "reply" };

      expect(check()).toMatchObject({ ...defaults, target: text });
      expect(check({ "x-magic-new-hc-target": "true" })).toMatchObject(defaults);
      expect(check({ "x-magic-new-hc-target": "true" })).toHaveProperty("target", object);
    },
  );

  it("shows the defaults of what no request has set", () => {
    const { api, result } = fakeApi();
    const id = api.addTunnel();

    const shown = result("GET", `/${id}`)?.ipsec_tunnel;

    expect(shown).toMatchObject({ replay_protection: false, automatic_return_routing: false });
    expect(shown).not.toHaveProperty("bgp_status");
  });

  it("shows its BGP session with the filters, and as down, because no router connects", () => {
    const { result } = fakeApi();
    const bgp = { customer_asn: 65_010, export_filter_id: "fake-export", import_filter_id: "fake-import" };

    expect(result("POST", "", { ...requiredFields, bgp })).toMatchObject({
      bgp,
      bgp_status: {
        state: "BGP_DOWN",
        tcp_established: false,
        updated_at: expect.stringMatching(/^20.+Z$/) as unknown,
      },
    });
  });

  it("does not show what an update has cleared", () => {
    const { api, result } = fakeApi();
    const bgp = { customer_asn: 65_010, md5_key: "fake" };
    const id = api.addTunnel({ fields: { description: "old", customer_endpoint: "192.0.2.2", bgp } });

    const cleared = {
      description: null,
      bgp: { ...bgp, md5_key: null },
      health_check: null,
      automatic_return_routing: null,
    };
    const shown = result("PUT", `/${id}`, cleared)?.modified_ipsec_tunnel;

    expect(JSON.stringify(shown)).not.toContain(":null");
    expect(shown).not.toHaveProperty("description");
    expect(shown).toMatchObject({ customer_endpoint: "192.0.2.2", bgp: { customer_asn: 65_010 } });
    expect(shown).toMatchObject({ automatic_return_routing: false, health_check: { rate: "mid" } });
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

describe("An update of several tunnels", () => {
  it("changes each of them, and keeps their keys", () => {
    const { api, ask, result } = fakeApi();
    const ids = ["one", "two", "three"].map((name) => api.addTunnel({ name, psk: fakeKey }));
    const [one, two] = ids;

    const response = ask("PUT", "", {
      ipsec_tunnels: [
        { id: one, description: "moved" },
        { id: two, name: "renamed", psk: null },
      ],
    });

    expect(response).toMatchObject({ status: 200, tookEffect: true });
    expect(parse(response.body).result).toMatchObject({
      modified: true,
      modified_ipsec_tunnels: [
        { id: one, name: "one", description: "moved" },
        { id: two, name: "renamed", psk_metadata: {} },
      ],
    });
    expect(ids.map((id) => api.keyAtEdge(id))).toEqual([fakeKey, undefined, fakeKey]);
    expect(result("GET", "")?.ipsec_tunnels?.map(({ name }) => name)).toEqual(["one", "renamed", "three"]);
  });

  it("that only validates changes none", () => {
    const { api, ask, result } = fakeApi();
    const id = api.addTunnel({ psk: fakeKey });
    const before = result("GET", "");

    const { tookEffect } = ask("PUT", "?validate_only=true", { ipsec_tunnels: [{ id, name: "renamed", psk: null }] });

    expect(tookEffect).toBe(false);
    expect(result("GET", "")).toEqual(before);
    expect(api.keyAtEdge(id)).toBe(fakeKey);
  });

  it.each<[string, (id: string) => unknown]>([
    ["/ipsec_tunnels", () => undefined],
    ["/ipsec_tunnels", () => []],
    ["/ipsec_tunnels/0/id", () => [null]],
    ["/ipsec_tunnels/0/name", (id) => [{ id, name: "taken" }]],
    ["/ipsec_tunnels/1/id", (id) => [{ id }, { id }]],
    [
      "/ipsec_tunnels/1/name",
      (id) => [
        { id, name: "new" },
        { id: unknown, name: "new" },
      ],
    ],
  ])("with a wrong %s is refused as a whole", (pointer, tunnelsFor) => {
    const { api, ask, result } = fakeApi();
    api.addTunnel({ name: "taken" });
    const id = api.addTunnel();
    const before = result("GET", "");

    const response = ask("PUT", "", { ipsec_tunnels: tunnelsFor(id) });

    expect(response.status).toBe(400);
    expect(parse(response.body).errors).toMatchObject([{ source: { pointer } }]);
    expect(result("GET", "")).toEqual(before);
  });

  it("one of which does not exist is refused as a whole", () => {
    const { api, ask, result } = fakeApi();
    const id = api.addTunnel({ name: "one" });

    const response = ask("PUT", "", { ipsec_tunnels: [{ id, name: "renamed" }, { id: unknown }] });

    expect(parse(response.body).errors).toMatchObject([{ code: 1032 }]);
    expect(result("GET", "")?.ipsec_tunnels).toMatchObject([{ name: "one" }]);
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
