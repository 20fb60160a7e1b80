import { parseEnvelope } from "../../src/cloudflare/envelope";

const failed = (errors: unknown) => JSON.stringify({ success: false, errors, messages: [], result: null });

describe("parseEnvelope()", () => {
  it("reads a success", () => {
    const body = JSON.stringify({ success: true, errors: [], messages: [], result: { psk: "fake-key" }, other: 1 });

    expect(parseEnvelope(body)).toEqual({ success: true, errors: [], messages: [], result: { psk: "fake-key" } });
  });

  it("reads every field of an error", () => {
    const error = {
      code: 6003,
      message: "Invalid request headers",
      documentation_url: "https://example.com/6003",
      source: { pointer: "/psk" },
      error_chain: [{ code: 6111, message: "Invalid format for Authorization header" }],
    };

    expect(parseEnvelope(failed([error]))?.errors).toEqual([
      {
        code: 6003,
        message: "Invalid request headers",
        documentationUrl: "https://example.com/6003",
        pointer: "/psk",
        chain: [{ code: 6111, message: "Invalid format for Authorization header" }],
      },
    ]);
  });

  it("reads messages beside a success", () => {
    const body = JSON.stringify({ success: true, messages: [{ code: 1, message: "Deprecated" }], result: {} });

    expect(parseEnvelope(body)?.messages).toEqual([{ code: 1, message: "Deprecated" }]);
  });

  it.each([
    ["no errors", undefined, []],
    ["errors that are null", null, []],
    ["errors that are not a list", "broken", []],
    ["no code", [{ message: "Odd" }], [{ code: 0, message: "Odd" }]],
    ["one error that is not in a list", { code: 10000, message: "Odd" }, [{ code: 10000, message: "Odd" }]],
    ["a code that is a number in quotes", [{ code: "10000", message: "Odd" }], [{ code: 10000, message: "Odd" }]],
    ["a code that is a word", [{ code: "bad", message: "Odd" }], [{ code: 0, message: "Odd" }]],
    ["a code that is empty", [{ code: "", message: "Odd" }], [{ code: 0, message: "Odd" }]],
    [
      "a cause's code that is a number in quotes",
      [{ ...odd(), error_chain: [{ code: "6111", message: "Why" }] }],
      [{ ...odd(), chain: [{ code: 6111, message: "Why" }] }],
    ],
    ["no message", [{ code: 971 }], [{ code: 971, message: "" }]],
    ["a message that is null", [{ code: 971, message: null }], [{ code: 971, message: "" }]],
    ["a link that is a number", [{ code: 971, message: "Odd", documentation_url: 7 }], [{ code: 971, message: "Odd" }]],
    ["a source that is a string", [{ code: 971, message: "Odd", source: "/psk" }], [{ code: 971, message: "Odd" }]],
    ["a pointer that is null", [{ code: 971, message: "Odd", source: { pointer: null } }], [odd()]],
    ["a chain that is null", [{ code: 971, message: "Odd", error_chain: null }], [odd()]],
    ["an empty chain", [{ code: 971, message: "Odd", error_chain: [] }], [{ ...odd(), chain: [] }]],
    ["a cause without a code", [{ ...odd(), error_chain: [{ message: "Why" }] }], [{ ...odd(), chain: [why()] }]],
  ])("accepts %s", (_what, errors, expected) => {
    expect(parseEnvelope(failed(errors))).toEqual({ success: false, errors: expected, messages: [], result: null });
  });

  it.each<[string, object, boolean]>([
    ["true in quotes", { success: "true", result: {} }, true],
    ["false in quotes", { success: "false", result: {} }, false],
    ["not said, with a result", { result: {}, errors: [] }, true],
    ["not said, with a result and no errors at all", { result: {} }, true],
    ["null, with a result", { success: null, result: {} }, true],
    ["not said, with an error", { result: {}, errors: [odd()] }, false],
    ["not said, with an error alone", { errors: [odd()] }, false],
    ["true, and no result", { success: true }, true],
  ])("reads success if it is %s", (_what, body, success) => {
    expect(parseEnvelope(JSON.stringify(body))?.success).toBe(success);
  });

  it("reads an error without a result", () => {
    expect(parseEnvelope(JSON.stringify({ success: false, errors: [odd()] }))?.errors).toEqual([odd()]);
  });

  it("keeps the errors beside one that is not an object", () => {
    expect(parseEnvelope(failed([null, odd()]))?.errors).toContainEqual(odd());
  });

  it.each([
    ["nothing", ""],
    ["HTML", "<!DOCTYPE html><title>502</title>"],
    ["half of a JSON document", '{"success":true,"result":{"psk":"fa'],
    ["a list", "[]"],
    ["null", "null"],
    ["JSON without success, errors or result", '{"errors":[],"result":null}'],
    ["JSON of another kind", '{"message":"Not found"}'],
  ])("returns `undefined` for %s", (_what, body) => {
    expect(parseEnvelope(body)).toBeUndefined();
  });
});

function odd() {
  return { code: 971, message: "Odd" };
}

function why() {
  return { code: 0, message: "Why" };
}
