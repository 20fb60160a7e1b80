import { fakeApi, fakeKey, requiredFields } from "./support";

describe("assumption generatedKey", () => {
  it.each([
    ["base64url-43", /^[A-Za-z0-9_-]{43}$/],
    ["alphanumeric-32", /^[A-Za-z0-9]{32}$/],
  ] as const)("%s", (generatedKey, form) => {
    const { api } = fakeApi({ assumptions: { generatedKey } });
    const id = api.addTunnel();

    const keys = Array.from({ length: 50 }, () => api.rotate(id));

    for (const key of keys) expect(key).toMatch(form);
    // Every symbol of the alphabet occurs among these 1,600 or more.
    expect(new Set(keys.join("")).size).toBe(generatedKey === "base64url-43" ? 64 : 62);
  });
});

describe("assumption validateReturnsKey", () => {
  it("false: a call that only validates shows no key", () => {
    const { api, result } = fakeApi({ assumptions: { validateReturnsKey: false } });
    const id = api.addTunnel();

    expect(result("POST", `/${id}/psk_generate?validate_only=true`, {})).toEqual({ ipsec_tunnel_id: id });
    expect(api.keyAtEdge(id)).toBeUndefined();
  });
});

describe("assumption validatePersists", () => {
  it("true: a call that only validates takes effect", () => {
    const { api, ask } = fakeApi({ assumptions: { validatePersists: true } });
    const id = api.addTunnel({ psk: fakeKey });

    expect(ask("POST", `/${id}/psk_generate?validate_only=true`, {}).tookEffect).toBe(true);
    expect(api.keyAtEdge(id)).not.toBe(fakeKey);
    expect(ask("POST", "?validate_only=true", requiredFields).tookEffect).toBe(true);
  });
});

describe("assumption putMovesTimestamp", () => {
  it.each([true, false])("%s", (putMovesTimestamp) => {
    const { api, ask } = fakeApi({ assumptions: { putMovesTimestamp } });
    const id = api.addTunnel({ psk: fakeKey });
    const before = api.generatedOn(id);

    ask("PUT", `/${id}`, { psk: "another-fake-key" });

    expect(api.keyAtEdge(id)).toBe("another-fake-key");
    expect(api.generatedOn(id) !== before).toBe(putMovesTimestamp);
    expect(api.issuedKeys()).toEqual([fakeKey, "another-fake-key"]);
  });
});

describe("assumption setMovesTimestamp", () => {
  it.each([true, false])("%s", (setMovesTimestamp) => {
    const { api, result } = fakeApi({ assumptions: { setMovesTimestamp } });
    const id = api.addTunnel({ psk: fakeKey });
    const keyless = api.addTunnel();
    const before = api.generatedOn(id);
    const psks = [id, keyless].map((tunnel) => ({ id: tunnel, psk: "another-fake-key" }));

    const applied = result("POST", "/psk", { psks })?.successfully_applied_psks;

    expect([id, keyless].map((tunnel) => api.keyAtEdge(tunnel))).toEqual(["another-fake-key", "another-fake-key"]);
    expect(api.generatedOn(id) !== before).toBe(setMovesTimestamp);
    expect(applied?.[id]?.psk_metadata).toEqual({ last_generated_on: api.generatedOn(id) });
    expect(applied?.[keyless]?.psk_metadata?.last_generated_on !== undefined).toBe(setMovesTimestamp);
  });
});

describe("assumption generateReturnsIpsecId", () => {
  it.each([true, false])("%s", (generateReturnsIpsecId) => {
    const { api, result } = fakeApi({ assumptions: { generateReturnsIpsecId } });
    const id = api.addTunnel();

    expect(result("POST", `/${id}/psk_generate`, {})?.ipsec_id !== undefined).toBe(generateReturnsIpsecId);
  });
});

describe("assumption getReturnsRemoteIdentities", () => {
  it.each([true, false])("%s", (getReturnsRemoteIdentities) => {
    const { api, result } = fakeApi({ assumptions: { getReturnsRemoteIdentities } });
    const id = api.addTunnel();

    const identities = result("GET", `/${id}`)?.ipsec_tunnel?.remote_identities;

    expect(identities !== undefined).toBe(getReturnsRemoteIdentities);
  });
});

describe("assumption renameKeepsCreatedOn", () => {
  it.each([true, false])("%s", (renameKeepsCreatedOn) => {
    const { api, result } = fakeApi({ assumptions: { renameKeepsCreatedOn } });
    const id = api.addTunnel({ name: "branch-1" });
    const update = (fields: object) => result("PUT", `/${id}`, fields)?.modified_ipsec_tunnel?.created_on;
    const before = update({ name: "branch-1", description: "not renamed" });

    const renamed = update({ name: "branch-2" });

    expect(result("GET", `/${id}`)?.ipsec_tunnel?.created_on).toBe(renamed);
    expect(renamed === before).toBe(renameKeepsCreatedOn);
  });
});

describe("assumption putNullRemovesKey", () => {
  it.each([
    [true, undefined],
    [false, fakeKey],
  ])("%s", (putNullRemovesKey, left) => {
    const { api, ask } = fakeApi({ assumptions: { putNullRemovesKey } });
    const id = api.addTunnel({ psk: fakeKey });

    ask("PUT", `/${id}`, { psk: null });

    expect(api.keyAtEdge(id)).toBe(left);
    expect(api.generatedOn(id) === undefined).toBe(putNullRemovesKey);
  });
});
