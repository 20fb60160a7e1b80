import type { Permission } from "../../src/simulator";
import { createCloudflareApi } from "../../src/simulator";
import { account, parse, tunnels } from "./support";

const other = "ffffffffffffffffffffffffffffffff";
const missing = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

function codes(body: string): number[] {
  return parse(body).errors.flatMap(({ code, error_chain = [] }) => [code, ...error_chain.map((link) => link.code)]);
}

describe("handle() refuses credentials", () => {
  const api = createCloudflareApi({
    accounts: [{ id: account }],
    tokens: [{ token: "fake-token" }, { token: "fake-revoked" }],
    users: [{ email: "a@example.com", key: "fake-key" }],
  });
  api.revokeToken("fake-revoked");

  it.each<[string, Record<string, string>, number, number[]]>([
    ["none at all", {}, 400, [9106]],
    ["an email without a key", { "x-auth-email": "a@example.com" }, 400, [9106]],
    ["a key without an email", { "x-auth-key": "fake-key" }, 400, [9106]],
    ["a service key alone", { "x-auth-user-service-key": "v1.0-fake" }, 400, [9106]],
    ["an empty token", { authorization: "Bearer " }, 400, [6003, 6111]],
    ["a token without Bearer", { authorization: "fake-token" }, 400, [6003, 6111]],
    ["a doubled Bearer", { authorization: "Bearer Bearer fake-token" }, 400, [6003, 6111]],
    ["a quoted token", { authorization: 'Bearer "fake-token"' }, 400, [6003, 6111]],
    ["a token with a newline", { authorization: "Bearer fake-token\n" }, 400, [6003, 6111]],
    ["a quoted key", { "x-auth-email": "a@example.com", "x-auth-key": "'fake-key'" }, 400, [6003, 6103]],
    [
      "both schemes together",
      { authorization: "Bearer fake-token", "x-auth-email": "a@example.com", "x-auth-key": "fake-key" },
      400,
      [6003],
    ],
    ["an unknown token", { authorization: "Bearer fake-unknown" }, 401, [10000]],
    ["a revoked token", { authorization: "Bearer fake-revoked" }, 401, [10000]],
    ["a wrong key", { "x-auth-email": "a@example.com", "x-auth-key": "fake-other" }, 401, [10000]],
    ["an unknown email", { "x-auth-email": "b@example.com", "x-auth-key": "fake-key" }, 401, [10000]],
  ])("%s", (_what, headers, status, expected) => {
    const response = api.handle({ method: "GET", path: tunnels, headers, body: "" });

    expect(response.status).toBe(status);
    expect(codes(response.body)).toEqual(expected);
    expect(parse(response.body)).toMatchObject({ success: false, result: null, messages: [] });
  });

  it.each<[string, Record<string, string>]>([
    ["a token", { authorization: "Bearer fake-token" }],
    ["an email and a key", { "x-auth-email": "a@example.com", "x-auth-key": "fake-key" }],
  ])("but accepts %s", (_what, headers) => {
    expect(api.handle({ method: "GET", path: tunnels, headers, body: "" }).status).toBe(200);
  });
});

describe("handle() checks permissions", () => {
  it.each<[Permission[], { read: number; write: number }]>([
    [["Magic WAN Write"], { read: 200, write: 200 }],
    [["Magic Transit Write"], { read: 200, write: 200 }],
    [["Magic WAN Read"], { read: 200, write: 403 }],
    [["Magic Transit Read"], { read: 200, write: 403 }],
    [["Magic WAN Read", "Magic Transit Write"], { read: 200, write: 200 }],
    [[], { read: 403, write: 403 }],
  ])("%j", (permissions, { read, write }) => {
    const api = createCloudflareApi({ tokens: [{ token: "fake-token", permissions }] });
    const id = api.addTunnel();
    const headers = { authorization: "Bearer fake-token" };
    const status = (method: string, path: string) =>
      api.handle({ method, path: `${tunnels}${path}`, headers, body: "{}" }).status;

    expect([status("GET", ""), status("GET", `/${id}`)]).toEqual([read, read]);
    expect([status("PUT", `/${id}`), status("POST", `/${id}/psk_generate`)]).toEqual([write, write]);
    expect(status("POST", `/${id}/psk_generate?validate_only=true`)).toBe(write);
    expect(status("DELETE", `/${id}`)).toBe(write);
  });

  it.each([
    ["an allowed account", "fake-token", account, 200],
    ["another account", "fake-token", other, 403],
    ["an account that does not exist", "fake-token", missing, 403],
    ["an account that does not exist, with a token for all", "fake-token-for-all", missing, 403],
  ])("for %s", (_what, token, id, status) => {
    const api = createCloudflareApi({
      accounts: [{ id: account }, { id: other }],
      tokens: [{ token: "fake-token", accounts: [account] }, { token: "fake-token-for-all" }],
    });
    const path = `/client/v4/accounts/${id}/magic/ipsec_tunnels`;

    const response = api.handle({ method: "GET", path, headers: { authorization: `Bearer ${token}` }, body: "" });

    expect(response.status).toBe(status);
    if (status === 403) expect(codes(response.body)).toEqual([10000]);
  });
});
