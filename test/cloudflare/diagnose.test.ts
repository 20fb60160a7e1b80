import {
  type DiagnosedCall,
  diagnoseFailure,
  diagnoseResponse,
  type FailedResponse,
} from "../../src/cloudflare/diagnose";
import { ExchangeFailure } from "../../src/cloudflare/transport";
import type { IpsecTunnelPskErrorCode } from "../../src/errors";

const origin = { name: "stack config cloudflare:apiToken", note: "A note of the origin." };
const generation: DiagnosedCall = {
  action: "generate a key for IPsec tunnel 1",
  effect: "generated a key for IPsec tunnel 1",
};
const reading: DiagnosedCall = { action: "read IPsec tunnel 1" };

describe("diagnoseFailure()", () => {
  it.each<[string, boolean, IpsecTunnelPskErrorCode, IpsecTunnelPskErrorCode]>([
    ["nothing was sent", false, "ERR_UNREACHABLE", "ERR_UNREACHABLE"],
    ["something was sent", true, "ERR_OUTCOME_UNKNOWN", "ERR_NO_RESPONSE"],
  ])("if %s (sent: %s), returns %s for a call with an effect, and %s for a read", (_what, sent, changing, harmless) => {
    const failure = new ExchangeFailure(sent, "other side closed");

    expect(diagnoseFailure(generation, failure).code).toBe(changing);
    expect(diagnoseFailure(reading, failure).code).toBe(harmless);
    expect(diagnoseFailure(reading, failure).details.summary).toContain("other side closed");
  });
});

describe("diagnoseFailure() of a call with an effect", () => {
  it("says that the effect may have happened, and why that is unknown", () => {
    const { summary, remedy } = diagnoseFailure(generation, new ExchangeFailure(true, "other side closed")).details;

    expect(summary).toBe(
      "Cloudflare may have generated a key for IPsec tunnel 1, but its response was lost (other side closed)",
    );
    expect(remedy).toBe("Run `pulumi up` again: the key has probably changed, and the lost one cannot be recovered.");
  });

  it("says to fix what does not pass by itself", () => {
    const failure = new ExchangeFailure(false, "Node.js does not trust it", "Set NODE_EXTRA_CA_CERTS.");
    const { code, nextStep, details } = diagnoseFailure(generation, failure);

    expect([code, nextStep]).toEqual(["ERR_UNREACHABLE", "fix"]);
    expect(details.remedy).toBe("Set NODE_EXTRA_CA_CERTS. Nothing was sent.");
  });

  it("says that nothing was sent if nothing was", () => {
    const { summary, remedy } = diagnoseFailure(generation, new ExchangeFailure(false, "no connection")).details;

    expect(summary).toBe("Cannot generate a key for IPsec tunnel 1: Cloudflare could not be reached (no connection)");
    expect(remedy).toContain("Nothing was sent.");
  });
});

describe("diagnoseResponse()", () => {
  it.each<[status: number, codes: number[], IpsecTunnelPskErrorCode]>([
    [429, [], "ERR_RATE_LIMITED"],
    [429, [10000], "ERR_RATE_LIMITED"],
    [200, [971], "ERR_RATE_LIMITED"],
    [400, [971], "ERR_RATE_LIMITED"],
    [403, [10000, 971], "ERR_RATE_LIMITED"],
    [500, [971], "ERR_RATE_LIMITED"],
    [404, [1032], "ERR_TUNNEL_NOT_FOUND"],
    [404, [], "ERR_REFUSED"],
    [404, [9999], "ERR_REFUSED"],
    [400, [1032], "ERR_REFUSED"],
    [403, [1032], "ERR_NOT_AUTHORIZED"],
    [403, [1012], "ERR_ACCOUNT_NOT_ONBOARDED"],
    [400, [1012], "ERR_ACCOUNT_NOT_ONBOARDED"],
    [400, [6003], "ERR_NOT_AUTHORIZED"],
    [400, [9103], "ERR_NOT_AUTHORIZED"],
    [400, [9106], "ERR_NOT_AUTHORIZED"],
    [400, [9107], "ERR_NOT_AUTHORIZED"],
    [403, [9109], "ERR_NOT_AUTHORIZED"],
    [401, [1000], "ERR_NOT_AUTHORIZED"],
    [400, [1000], "ERR_REFUSED"],
    [403, [10000], "ERR_NOT_AUTHORIZED"],
    [401, [], "ERR_NOT_AUTHORIZED"],
    [403, [], "ERR_NOT_AUTHORIZED"],
    [404, [7000], "ERR_NO_SUCH_ROUTE"],
    [400, [7003, 7000], "ERR_NO_SUCH_ROUTE"],
    [400, [1001], "ERR_REFUSED"],
    [409, [], "ERR_REFUSED"],
    [302, [], "ERR_REFUSED"],
    [200, [1001], "ERR_REFUSED"],
  ])("returns, for HTTP %d with %j, %s for any call", (status, codes, expected) => {
    const response = responseOf(status, codes);

    expect(diagnoseResponse(generation, response).code).toBe(expected);
    expect(diagnoseResponse(reading, response).code).toBe(expected);
  });

  it.each<[status: number, codes: number[], claimsSuccess: boolean, IpsecTunnelPskErrorCode]>([
    [408, [], false, "ERR_UNAVAILABLE"],
    [500, [], false, "ERR_UNAVAILABLE"],
    [500, [1000], false, "ERR_UNAVAILABLE"],
    [502, [], false, "ERR_UNAVAILABLE"],
    [503, [9999], false, "ERR_UNAVAILABLE"],
    [524, [], false, "ERR_UNAVAILABLE"],
    [500, [1032], false, "ERR_UNAVAILABLE"],
    [500, [971], true, "ERR_UNAVAILABLE"],
    [200, [], false, "ERR_MALFORMED_RESPONSE"],
    [200, [], true, "ERR_MALFORMED_RESPONSE"],
    [200, [971], true, "ERR_MALFORMED_RESPONSE"],
    [200, [10000], true, "ERR_MALFORMED_RESPONSE"],
    [200, [1001], true, "ERR_MALFORMED_RESPONSE"],
  ])(
    "returns, for HTTP %d with %j and success %s, ERR_OUTCOME_UNKNOWN for a generation and %s for a read",
    (status, codes, claims, expected) => {
      const response = { ...responseOf(status, codes), claimsSuccess: claims };

      expect(diagnoseResponse(generation, response).code).toBe("ERR_OUTCOME_UNKNOWN");
      expect(diagnoseResponse(reading, response).code).toBe(expected);
    },
  );

  it.each([1012, 10000, 7003])(
    "returns ERR_OUTCOME_UNKNOWN for HTTP 500 with %d, because a 5xx leaves the outcome open",
    (code) => {
      expect(diagnoseResponse(generation, responseOf(500, [code])).code).toBe("ERR_OUTCOME_UNKNOWN");
    },
  );

  it("finds the cause in the error_chain", () => {
    const errors = [{ code: 6003, message: "Invalid", chain: [{ code: 6103, message: "Key" }] }];

    expect(diagnoseResponse(reading, { ...responseOf(400, []), errors }).details.summary).toBe(
      "Cannot read IPsec tunnel 1: the API key is malformed",
    );
  });

  it("finds a malformed email in the error_chain", () => {
    const errors = [{ code: 6003, message: "Invalid", chain: [{ code: 6102, message: "Email" }] }];

    expect(diagnoseResponse(reading, { ...responseOf(400, []), errors }).details.summary).toBe(
      "Cannot read IPsec tunnel 1: the email of the API key is malformed",
    );
  });

  it.each([
    ["a code", [10000]],
    ["a status", []],
  ])("names the source of a credential that %s rejects, and ends with its note", (_what, codes) => {
    const { remedy } = diagnoseResponse(reading, responseOf(403, codes)).details;

    expect(remedy).toContain(`from ${origin.name}`);
    expect(remedy).toMatch(/\. A note of the origin\.$/);
  });

  it("says how long Cloudflare asks to wait", () => {
    const { details } = diagnoseResponse(generation, { ...responseOf(429, []), retryAfterMs: 6_500 });

    expect(details).toMatchObject({ retryAfterMs: 6_500, remedy: "Wait 7 s, then run again." });
  });

  it.each([
    ["HTTP 429", 429, []],
    ["code 971", 200, [971]],
  ])("says until when to wait if Cloudflare asks for longer than LONGEST_WAIT_MS: %s", (_what, status, codes) => {
    const { details } = diagnoseResponse(generation, { ...responseOf(status, codes), retryAfterMs: 86_400_000 });

    expect(details).toMatchObject({
      retryAfterMs: 86_400_000,
      remedy:
        "Run again in 86400 s (until 2026-03-02T12:00:00Z): Cloudflare asks for that wait, and this package waits 330 s at most.",
    });
  });

  it("says how long Cloudflare asks to wait beside code 971", () => {
    const { details } = diagnoseResponse(generation, { ...responseOf(200, [971]), retryAfterMs: 6_500 });

    expect(details.remedy).toBe("Wait 7 s, then run again.");
  });

  it.each([
    ["an unknown outcome", generation, 502],
    ["a refusal", generation, 400],
    ["a failed read", reading, 200],
  ])("keeps what Cloudflare said: %s", (_what, call, status) => {
    const { details } = diagnoseResponse(call, {
      ...responseOf(status, []),
      claimsSuccess: true,
      errors: [said(9999)],
    });

    expect(details.cloudflare).toEqual({ httpStatus: status, rayId: "0000000000000000-TST", errors: [said(9999)] });
  });

  it("says what is wrong with a response that only claims success", () => {
    expect(diagnoseResponse(generation, responseOf(200, [])).details.summary).toBe(
      "Cloudflare may have generated a key for IPsec tunnel 1, but its response cannot be used (its body is empty)",
    );
    expect(diagnoseResponse(reading, responseOf(200, [])).details.summary).toBe(
      "Cannot read IPsec tunnel 1: the response cannot be used (its body is empty)",
    );
  });

  it.each([408, 500, 524])("says that the effect may have happened in spite of HTTP %d", (status) => {
    expect(diagnoseResponse(generation, responseOf(status, [])).details.summary).toBe(
      `Cloudflare may have generated a key for IPsec tunnel 1, but it failed with HTTP ${status}`,
    );
    expect(diagnoseResponse(reading, responseOf(status, [])).details.summary).toBe(
      `Cannot read IPsec tunnel 1: Cloudflare failed with HTTP ${status}`,
    );
  });
});

function responseOf(status: number, codes: readonly number[]): FailedResponse {
  return {
    status,
    rayId: "0000000000000000-TST",
    retryAfterMs: undefined,
    now: Date.parse("2026-03-01T12:00:00Z"),
    origin,
    errors: codes.map(said),
    claimsSuccess: false,
    flaw: "its body is empty",
  };
}

function said(code: number) {
  return { code, message: "Said by the test" };
}
