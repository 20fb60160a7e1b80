import { checkExistingKey, existingKeyProblem } from "../../src/psk/existing-key";
import { everythingIn, rejectionOf } from "../support/failure-of";
import { failure, gone, keyless, keyOf, readingOf, startOperation } from "./scripted-tunnels";
import { accountId, fakeKey, ipsecTunnelId } from "./support";

const tunnel = { accountId, ipsecTunnelId };
const existingKey = { ...keyOf(1), psk: fakeKey };

describe("existingKeyProblem()", () => {
  it.each([
    ["the same text", existingKey.lastGeneratedOn],
    ["rounded to microseconds", readingOf(1).lastGeneratedOn],
  ])("returns nothing if the tunnel shows the existing key's timestamp: %s", (_what, seen) => {
    expect(existingKeyProblem(tunnel, existingKey, seen)).toBeUndefined();
  });

  it.each([
    ["an older key", readingOf(0).lastGeneratedOn, "the active key was generated at 2026-03-01T12:00:00.123457Z"],
    ["a newer key", readingOf(2).lastGeneratedOn, "the active key was generated at 2026-03-01T12:02:00.123457Z"],
    ["no key", undefined, "Cloudflare shows no key of this tunnel"],
  ])("says what differs, and never the key: %s", (_what, seen, shown) => {
    const problem = existingKeyProblem(tunnel, existingKey, seen);

    expect(problem).toMatchObject({
      code: "ERR_EXISTING_KEY_MISMATCH",
      details: {
        summary: `Cannot take over the existing key of IPsec tunnel ${ipsecTunnelId}: existingKey.lastGeneratedOn is 2026-03-01T12:01:00.123456789Z, but ${shown}`,
      },
    });
    expect(problem && everythingIn(problem)).not.toContain(fakeKey);
  });
});

describe("checkExistingKey()", () => {
  it("reads this tunnel alone, once", async () => {
    const { tunnels, calls, context } = startOperation({ read: [readingOf(1)] });

    await checkExistingKey(tunnels, tunnel, existingKey, context.operation);

    expect(calls).toEqual(["0 ms: read"]);
  });

  it.each([
    ["as the program gives it", existingKey.lastGeneratedOn, existingKey.lastGeneratedOn],
    ["as Cloudflare shows it, if the program gives its second", "2026-03-01T12:01:00Z", readingOf(1).lastGeneratedOn],
  ])("returns the key with its timestamp %s", async (_how, given, returned) => {
    const { tunnels, context } = startOperation({ read: [readingOf(1)] });

    const key = await checkExistingKey(tunnels, tunnel, { psk: fakeKey, lastGeneratedOn: given }, context.operation);

    expect(key).toEqual({ psk: fakeKey, lastGeneratedOn: returned });
  });

  it.each([
    ["another timestamp", readingOf(2)],
    ["no key", keyless],
    ["no tunnel", gone],
  ])("refuses a key that the read does not confirm: %s", async (_what, reading) => {
    const { tunnels, context } = startOperation({ read: [reading] });

    const refused = checkExistingKey(tunnels, tunnel, existingKey, context.operation);

    expect((await rejectionOf(refused)).code).toBe("ERR_EXISTING_KEY_MISMATCH");
  });

  it("passes a failed read on", async () => {
    const { tunnels, context } = startOperation({ read: [failure("ERR_NO_RESPONSE")] });

    const refused = checkExistingKey(tunnels, tunnel, existingKey, context.operation);

    expect((await rejectionOf(refused)).code).toBe("ERR_NO_RESPONSE");
  });
});
