import { brotliCompressSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { type Expectation, readResponse } from "../../src/cloudflare/response";
import type { HttpResponse } from "../../src/cloudflare/transport";
import { everythingIn, failureOf } from "../support/failure-of";

const psk = "fake-key-for-tests-only";
const token = "fake-token-for-tests-only";

const expected: Expectation<{ psk: string; id?: string | undefined }> = {
  act: "generate a key",
  changes: true,
  origin: "the test",
  result: z.object({ psk: z.string().min(1), id: z.string().optional() }),
  flawOf: ({ id }) => (id === "another" ? "it is about another tunnel" : undefined),
  maxBytes: 10_000,
  secrets: [token],
  now: 0,
};

describe("readResponse()", () => {
  it("returns the result", () => {
    expect(readResponse(success({ psk }), expected)).toEqual({ result: { psk }, remarks: [] });
  });

  it("returns what Cloudflare says beside a success, without secrets", () => {
    const { remarks } = readResponse(
      answer(200, {
        success: true,
        messages: [{ code: 1, message: "Deprecated" }],
        errors: [{ code: 971, message: `Slow down, ${token} with ${psk}` }],
        result: { psk },
      }),
      expected,
    );

    expect(remarks).toEqual([
      "Cloudflare says: 1 Deprecated",
      "Cloudflare says: 971 Slow down, [secret] with [secret]",
    ]);
  });

  it("undoes what every Content-Encoding header says", () => {
    const { body } = success({ psk });
    const headers = { "content-encoding": ["gzip", "br"] };

    expect(readResponse({ status: 200, headers, body: brotliCompressSync(gzipSync(body)) }, expected).result).toEqual({
      psk,
    });
  });

  it("decompresses", () => {
    const { body } = success({ psk });
    const whole = { status: 200, headers: { "content-encoding": "gzip" }, body: gzipSync(body) };

    expect(readResponse(whole, expected).result).toEqual({ psk });
  });

  it.each([
    ["an empty body", answer(200, ""), "its body is empty"],
    ["HTML", answer(200, "<html>"), "its body is not one of Cloudflare's JSON envelopes"],
    ["broken compression", answer(200, "<html>", { "content-encoding": "gzip" }), "its body cannot be decompressed"],
    ["success: false alone", answer(200, { success: false, result: null }), "it neither succeeds nor says why not"],
    ["no key", success({}), "result.psk: "],
    ["an empty key", success({ psk: "" }), "result.psk: "],
    ["a key that is a number", success({ psk: 5 }), "result.psk: "],
    ["a result that is null", success(null), "result"],
    ["a result that is a text", success("fake"), "result"],
    ["another tunnel's id", success({ psk, id: "another" }), "it is about another tunnel"],
  ])("cannot tell what became of a generation after %s", (_what, flawed, flaw) => {
    const { code, details } = failureOf(() => readResponse(flawed, expected));

    expect(code).toBe("ERR_OUTCOME_UNKNOWN");
    expect(details.summary).toContain(`the answer cannot be used: ${flaw}`);
  });

  it("takes a read that cannot be used for malformed", () => {
    expect(failureOf(() => readResponse(success({}), { ...expected, changes: false })).code).toBe("ERR_MALFORMED_RESPONSE");
  });

  it.each([971, 1012, 10000, 1001])("takes a flawed success with error %d beside it for no refusal", (code) => {
    const flawed = answer(200, { success: true, errors: [{ code, message: "Beside" }], result: {} });

    expect(failureOf(() => readResponse(flawed, expected)).code).toBe("ERR_OUTCOME_UNKNOWN");
  });

  it.each([
    [971, "ERR_RATE_LIMITED"],
    [1012, "ERR_ACCOUNT_NOT_ONBOARDED"],
    [9999, "ERR_REFUSED"],
  ])("believes success: false under HTTP 200: %d", (code, expectedCode) => {
    // A result beside it counts for nothing.
    const refused = answer(200, { success: false, errors: [{ code, message: "No" }], result: { psk } });

    expect(failureOf(() => readResponse(refused, expected)).code).toBe(expectedCode);
  });

  it.each([302, 404, 500])("believes HTTP %d, not the body's success", (status) => {
    const { details } = failureOf(() => readResponse({ ...success({ psk }), status }, expected));

    expect(details.cloudflare?.httpStatus).toBe(status);
  });

  it("reads Ray ID and Retry-After from the headers", () => {
    const throttled = answer(429, "", { "cf-ray": "0000000000000000-TST", "retry-after": ["7", "8"] });

    expect(failureOf(() => readResponse(throttled, expected)).details).toMatchObject({
      retryAfterMs: 8_000,
      cloudflare: { httpStatus: 429, rayId: "0000000000000000-TST" },
    });
  });

  it.each([
    ["of another tunnel", success({ psk, id: "another" })],
    ["under HTTP 500", answer(500, { success: true, result: { psk } })],
    ["with a flaw elsewhere", success({ psk, id: 5 })],
    ["that an error quotes and that stands elsewhere", quoting([{ psk }])],
    ["that an error quotes", answer(400, { success: false, errors: [{ code: 1, message: psk }], result: { psk } })],
    ["in a body that is not JSON", answer(200, `${psk}{`)],
  ])("never shows a key %s", (_what, flawed) => {
    expect(everythingIn(failureOf(() => readResponse(flawed, expected)))).not.toContain(psk);
  });

  it("never shows the credential that an error quotes", () => {
    const errors = [{ code: 6003, message: token, error_chain: [{ code: 6111, message: `Bearer ${token}` }] }];

    const failure = failureOf(() => readResponse(answer(400, { success: false, errors, result: null }), expected));

    expect(everythingIn(failure)).not.toContain(token);
    expect(failure.message).toContain("6003 [secret]; because 6111 Bearer [secret]");
  });
});

function quoting(result: unknown): HttpResponse {
  return answer(400, { success: false, errors: [{ code: 1, message: psk }], result });
}

function success(result: unknown): HttpResponse {
  return answer(200, { success: true, errors: [], messages: [], result });
}

function answer(status: number, body: string | object, headers: HttpResponse["headers"] = {}): HttpResponse {
  return { status, headers, body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)) };
}
