import { questionOf } from "../../src/preview/question";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const TUNNEL = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const KEYLESS = "dddddddddddddddddddddddddddddddd";
const OTHER = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
const GENERATED_ON = "2026-03-01T12:00:00.123456Z";

const ref = (ipsecTunnelId: string) => ({ accountId: ACCOUNT, ipsecTunnelId });
const withKey = (id: string) => ({ id, lastGeneratedOn: GENERATED_ON });

describe("probesFor() of a generation", () => {
  it("returns a tunnel without a key first, then the one to validate", () => {
    expect(questionOf(undefined).probesFor(ref(TUNNEL), [withKey(OTHER), withKey(TUNNEL), { id: KEYLESS }])).toEqual([
      ref(KEYLESS),
      ref(TUNNEL),
    ]);
  });

  it("returns no other tunnel with a key", () => {
    expect(questionOf(undefined).probesFor(ref(TUNNEL), [withKey(OTHER), withKey(TUNNEL)])).toEqual([ref(TUNNEL)]);
  });

  it("returns the one to validate once if it has no key itself", () => {
    expect(questionOf(undefined).probesFor(ref(TUNNEL), [{ id: TUNNEL }])).toEqual([ref(TUNNEL)]);
  });

  it("returns the one to validate if the account has no tunnel", () => {
    expect(questionOf(undefined).probesFor(ref(TUNNEL), [])).toEqual([ref(TUNNEL)]);
  });
});

describe("probesFor() of a key that is set", () => {
  const { probesFor } = questionOf("a-fake-key-for-tests-only");

  it("returns tunnels without a key, two at most", () => {
    expect(probesFor(ref(TUNNEL), [withKey(TUNNEL), { id: KEYLESS }, { id: OTHER }, { id: "f".repeat(32) }])).toEqual([
      ref(KEYLESS),
      ref(OTHER),
    ]);
  });

  it("returns the tunnel itself only if it has no key", () => {
    expect(probesFor(ref(TUNNEL), [{ id: TUNNEL }])).toEqual([ref(TUNNEL)]);
    expect(probesFor(ref(TUNNEL), [withKey(TUNNEL), withKey(OTHER)])).toEqual([]);
  });
});
