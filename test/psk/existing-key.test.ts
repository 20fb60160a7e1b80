import { existingKeyProblem, checkExistingKey } from "../../src/psk/existing-key";
import { everythingIn, rejectionOf } from "../support/failure-of";
import { failure, gone, keyless, keyOf, sightOf, startOperation } from "./scripted-tunnels";
import { accountId, fakeKey, ipsecTunnelId } from "./support";

const tunnel = { accountId, ipsecTunnelId };
const adopt = { ...keyOf(1), psk: fakeKey };

describe("existingKeyProblem()", () => {
  it.each([
    ["the same text", existingKey.lastGeneratedOn],
    ["rounded to microseconds", sightOf(1).lastGeneratedOn],
  ])("finds none where the edge's time stamp is the adopted key's: %s", (_what, seen) => {
    expect(existingKeyProblem(tunnel, existingKey, seen)).toBeUndefined();
  });

  it.each([
    ["an older key", sightOf(0).lastGeneratedOn, "2026-03-01T12:00:00.123457Z"],
    ["a newer key", sightOf(2).lastGeneratedOn, "2026-03-01T12:02:00.123457Z"],
    ["no key", undefined, "no known time"],
  ])("names both times, and never the key: %s", (_what, seen, named) => {
    const problem = existingKeyProblem(tunnel, existingKey, seen);

    expect(problem).toMatchObject({
      code: "ERR_EXISTING_KEY_MISMATCH",
      details: {
        what: `Cannot adopt the key of IPsec tunnel ${ipsecTunnelId} as existingKey.lastGeneratedOn is 2026-03-01T12:01:00.123456789Z, and the edge's key is of ${named}`,
      },
    });
    expect(problem && everythingIn(problem)).not.toContain(fakeKey);
  });
});

describe("checkExistingKey()", () => {
  it("asks for this tunnel alone, once", async () => {
    const { edge, calls, context } = startOperation({ read: [sightOf(1)] });

    await checkExistingKey(edge, tunnel, existingKey, context.operation);

    expect(calls).toEqual(["0 ms: read"]);
  });

  it.each([
    ["another time stamp", sightOf(2)],
    ["no key", keyless],
    ["no tunnel", gone],
  ])("refuses what the edge does not confirm: %s", async (_what, sight) => {
    const { edge, context } = startOperation({ read: [sight] });

    const refused = checkExistingKey(edge, tunnel, existingKey, context.operation);

    expect((await rejectionOf(refused)).code).toBe("ERR_EXISTING_KEY_MISMATCH");
  });

  it("passes a failed read on", async () => {
    const { edge, context } = startOperation({ read: [failure("ERR_NO_RESPONSE")] });

    const refused = checkExistingKey(edge, tunnel, existingKey, context.operation);

    expect((await rejectionOf(refused)).code).toBe("ERR_NO_RESPONSE");
  });
});
