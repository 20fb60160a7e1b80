import { brotliCompressSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { type ExpectedResponse, type ReadingContext, readResponse } from "../../src/cloudflare/response";
import type { HttpResponse } from "../../src/cloudflare/transport";
import { everythingIn, failureOf } from "../support/failure-of";

const psk = "fake-key-for-tests-only";
const token = "fake-token-for-tests-only";

const call: ExpectedResponse<{ psk: string; id?: string | undefined }> = {
  action: "generate a key",
  effect: "generated a key",
  result: z.object({ psk: z.string().min(1), id: z.string().optional() }),
  flawOf: ({ id }) => (id === "another" ? "it is about another tunnel" : undefined),
  maxBytes: 10_000,
};
const context: ReadingContext = { origin: { name: "the test" }, secrets: [token], now: 0 };

const read = (response: HttpResponse) => readResponse(response, call, context);

describe("readResponse()", () => {
  it("returns the result", () => {
    expect(read(success({ psk }))).toEqual({ result: { psk }, remarks: [] });
  });

  it("returns what Cloudflare says beside a success, with secrets redacted", () => {
    const { remarks } = read(
      responseOf(200, {
        success: true,
        messages: [{ code: 1, message: "Deprecated" }],
        errors: [{ code: 971, message: `Slow down, ${token} with ${psk}` }],
        result: { psk },
      }),
    );

    expect(remarks).toEqual([
      "Cloudflare says: 1 Deprecated",
      "Cloudflare says: 971 Slow down, [secret] with [secret]",
    ]);
  });

  it("undoes the encodings of every Content-Encoding header", () => {
    const { body } = success({ psk });
    const headers = { "content-encoding": ["gzip", "br"] };

    expect(read({ status: 200, headers, body: brotliCompressSync(gzipSync(body)) }).result).toEqual({ psk });
  });

  it("decompresses the body", () => {
    const { body } = success({ psk });
    const compressed = { status: 200, headers: { "content-encoding": "gzip" }, body: gzipSync(body) };

    expect(read(compressed).result).toEqual({ psk });
  });

  it.each([
    ["an empty body", responseOf(200, ""), "its body is empty"],
    ["HTML", responseOf(200, "<html>"), "its body is not one of Cloudflare's JSON envelopes"],
    [
      "broken compression",
      responseOf(200, "<html>", { "content-encoding": "gzip" }),
      "its body cannot be decompressed",
    ],
    [
      "success: false alone",
      responseOf(200, { success: false, result: null }),
      "it reports a failure without an error",
    ],
    ["no key", success({}), "result.psk: "],
    ["an empty key", success({ psk: "" }), "result.psk: "],
    ["a key that is a number", success({ psk: 5 }), "result.psk: "],
    ["a result that is null", success(null), "result"],
    ["a result that is a string", success("fake"), "result"],
    ["another tunnel's ID", success({ psk, id: "another" }), "it is about another tunnel"],
  ])("leaves the outcome of a generation open after %s", (_what, flawed, flaw) => {
    const { code, details } = failureOf(() => read(flawed));

    expect(code).toBe("ERR_OUTCOME_UNKNOWN");
    expect(details.summary).toContain(`Cloudflare may have generated a key, but its response cannot be used (${flaw}`);
  });

  it("calls the response to a read malformed if it cannot be used", () => {
    const { effect, ...reading } = call;

    expect(effect).toBeDefined();
    expect(failureOf(() => readResponse(success({}), reading, context)).code).toBe("ERR_MALFORMED_RESPONSE");
  });

  it.each([971, 1012, 10000, 1001])(
    "does not take a flawed success for a refusal because of error %d beside it",
    (code) => {
      const flawed = responseOf(200, { success: true, errors: [{ code, message: "Beside" }], result: {} });

      expect(failureOf(() => read(flawed)).code).toBe("ERR_OUTCOME_UNKNOWN");
    },
  );

  it.each([
    [971, "ERR_RATE_LIMITED"],
    [1012, "ERR_ACCOUNT_NOT_ONBOARDED"],
    [9999, "ERR_REFUSED"],
  ])("believes success: false under HTTP 200, with code %d", (code, expectedCode) => {
    // A result beside it does not count.
    const refused = responseOf(200, { success: false, errors: [{ code, message: "No" }], result: { psk } });

    expect(failureOf(() => read(refused)).code).toBe(expectedCode);
  });

  it.each([302, 404, 500])("believes HTTP %d more than the success of the body", (status) => {
    const { details } = failureOf(() => read({ ...success({ psk }), status }));

    expect(details.cloudflare?.httpStatus).toBe(status);
  });

  it("takes Ray ID and Retry-After from the headers", () => {
    const throttled = responseOf(429, "", { "cf-ray": "0000000000000000-TST", "retry-after": ["7", "8"] });

    expect(failureOf(() => read(throttled)).details).toMatchObject({
      retryAfterMs: 8_000,
      cloudflare: { httpStatus: 429, rayId: "0000000000000000-TST" },
    });
  });

  it.each([
    ["of another tunnel", success({ psk, id: "another" })],
    ["under HTTP 500", responseOf(500, { success: true, result: { psk } })],
    ["with a flaw elsewhere", success({ psk, id: 5 })],
    ["that an error quotes and that stands elsewhere", quoting([{ psk }])],
    ["that an error quotes", responseOf(400, { success: false, errors: [{ code: 1, message: psk }], result: { psk } })],
    ["in a body that is not JSON", responseOf(200, `${psk}{`)],
  ])("never shows a key %s", (_what, flawed) => {
    expect(everythingIn(failureOf(() => read(flawed)))).not.toContain(psk);
  });

  it("never shows a credential that an error quotes", () => {
    const errors = [{ code: 6003, message: token, error_chain: [{ code: 6111, message: `Bearer ${token}` }] }];

    const failure = failureOf(() => read(responseOf(400, { success: false, errors, result: null })));

    expect(everythingIn(failure)).not.toContain(token);
    expect(failure.message).toContain("6003 [secret]; because 6111 Bearer [secret]");
  });
});

describe("the gate for what a response says", () => {
  const hostile = "caf\ud83d\u001b[2J\u202e\r\nFake";
  const shown = "caf\ufffd Fake";
  const refused = (errors: unknown, headers: HttpResponse["headers"] = {}) =>
    failureOf(() => read(responseOf(400, { success: false, errors, result: { psk } }, headers)));

  it("lets each text pass as one line that can be shown", () => {
    const cause = { code: 2, message: hostile };
    const error = {
      code: 1,
      message: hostile,
      documentation_url: hostile,
      source: { pointer: hostile },
      error_chain: [cause],
    };

    expect(refused([error], { "cf-ray": hostile }).details.cloudflare).toEqual({
      httpStatus: 400,
      rayId: shown,
      errors: [
        { code: 1, message: shown, documentationUrl: shown, pointer: shown, chain: [{ code: 2, message: shown }] },
      ],
    });
  });

  it("lets remarks, and the reason for a key that was not applied, pass in the same way", () => {
    const setting = { ...call, refusalIn: () => hostile };

    expect(failureOf(() => readResponse(success({ psk }), setting, context)).message).toContain(`said: ${shown} (`);
    const beside = responseOf(200, { success: true, messages: [{ code: 1, message: hostile }], result: { psk } });
    expect(read(beside).remarks).toEqual([`Cloudflare says: 1 ${shown}`]);
  });

  it.each(["", " ", "\u200b"])("leaves out a Ray ID that shows nothing: %j", (rayId) => {
    const { message } = refused([{ code: 1, message: "No" }], { "cf-ray": rayId });

    expect(message).toContain("Cloudflare said: 1 No (HTTP 400)");
  });

  it("redacts the Ray ID", () => {
    expect(refused([], { "cf-ray": `${token}-TST` }).details.cloudflare?.rayId).toBe("[secret]-TST");
  });

  it("redacts before it cuts, so that no part of a secret is left at the end", () => {
    const texts = Array.from({ length: psk.length }, (_, index) => "x ".repeat(250).slice(index) + psk);

    for (const { message } of refused(texts.map((text) => ({ code: 1, message: text }))).details.cloudflare?.errors ??
      []) {
      expect(message.length).toBeLessThanOrEqual(500);
      expect(message).not.toContain(psk.slice(0, 4));
    }
  });

  it("does not read a text that is longer than any of Cloudflare's", () => {
    const [error] = refused([{ code: 7, message: "x".repeat(100_000) }]).details.cloudflare?.errors ?? [];

    expect(error).toEqual({ code: 7, message: "[not shown, because it has 100000 characters]" });
  });

  it("repeats 10 errors, and as many causes of each", () => {
    const cause = { code: 2, message: "Why" };
    const many = Array.from({ length: 1_000 }, () => ({
      code: 1,
      message: "No",
      error_chain: Array(1_000).fill(cause) as unknown[],
    }));
    const { errors = [] } = refused(many).details.cloudflare ?? {};

    expect([errors.length, errors[0]?.chain?.length]).toEqual([10, 10]);
  });
});

function quoting(result: unknown): HttpResponse {
  return responseOf(400, { success: false, errors: [{ code: 1, message: psk }], result });
}

function success(result: unknown): HttpResponse {
  return responseOf(200, { success: true, errors: [], messages: [], result });
}

function responseOf(status: number, body: string | object, headers: HttpResponse["headers"] = {}): HttpResponse {
  return { status, headers, body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)) };
}
