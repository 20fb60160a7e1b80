import type { Fault, FaultScope, Simulator } from "../../src/simulator";
import { faults, startSimulator } from "../../src/simulator";
import { linesOf, send, thrownBy } from "./support";

const reset = { kind: "reset", effect: true };
const badStatus = "fault.status must be a whole number, 200 to 599";
const badHeaders =
  "fault.headers must be a map of lower-case HTTP header names to strings, without content-length and transfer-encoding";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(() => simulator.close());

/** Callers may be plain JavaScript. */
function refusalOf(fault: unknown, where?: unknown): string[] {
  const failure = thrownBy(() => simulator.fault(fault as Fault, where as FaultScope));
  expect(failure).toBeInstanceOf(RangeError);
  return linesOf(failure);
}

describe("fault() refuses", () => {
  it.each<[string, unknown, string]>([
    [
      "a kind that it does not know",
      { kind: "resett" },
      'fault.kind must be one of "response", "truncated", "reset", "silence", "delay", "altered", "wrapped", "stale", "lagging", "unapplied"',
    ],
    [
      "an encoding that is a number",
      { kind: "wrapped", contentEncoding: 1 },
      "fault.contentEncoding must be a string, or a list of strings",
    ],
    ["a wrap that is a string", { kind: "wrapped", wrap: "gzip" }, "fault.wrap must be a function"],
    ["a kind alone", "reset", expect.stringMatching(/^fault\.kind must be one of /)],
    ["no fault", undefined, expect.stringMatching(/^fault\.kind must be one of /)],
    [
      "a name that every object inherits",
      { kind: "constructor" },
      expect.stringMatching(/^fault\.kind must be one of /),
    ],
    ["a response without a status", { kind: "response" }, badStatus],
    ["a status as a string", { kind: "response", status: "500" }, badStatus],
    ["a status that ends no request", { kind: "response", status: 100 }, badStatus],
    ["a status above 599", { kind: "response", status: 600 }, badStatus],
    [
      "a number as body",
      { kind: "response", status: 200, body: 5 },
      "fault.body must be a string, or an object that JSON can hold",
    ],
    [
      "a body that JSON cannot hold",
      { kind: "response", status: 200, body: { size: 1n } },
      "fault.body must be a string, or an object that JSON can hold",
    ],
    ["a header in upper case", { kind: "response", status: 200, headers: { "Content-Type": "text/html" } }, badHeaders],
    ["a header that is a number", { kind: "response", status: 429, headers: { "retry-after": 1 } }, badHeaders],
    ["a header of two lines", { kind: "response", status: 429, headers: { "retry-after": "1\r\nx: y" } }, badHeaders],
    [
      "a length that is not the body's",
      { kind: "response", status: 200, headers: { "content-length": "1" } },
      badHeaders,
    ],
    ["an effect as a string", { kind: "response", status: 500, effect: "yes" }, "fault.effect must be true or false"],
    ["a reset that does not say its effect", { kind: "reset" }, "fault.effect must be true or false"],
    ["a silence that does not say its effect", { kind: "silence" }, "fault.effect must be true or false"],
    [
      "a field of another kind",
      { kind: "truncated", status: 500 },
      "fault.status is unknown: the options are kind, effect",
    ],
    [
      "a delay of NaN",
      { kind: "delay", ms: NaN, before: "response" },
      "fault.ms must be a whole number, 0 to 2147483647",
    ],
    [
      "an endless delay",
      { kind: "delay", ms: Infinity, before: "response" },
      "fault.ms must be a whole number, 0 to 2147483647",
    ],
    [
      "a delay of something else",
      { kind: "delay", ms: 5, before: "request" },
      'fault.before must be one of "effect", "response"',
    ],
    [
      "a change that it does not know",
      { kind: "altered", change: "withoutPsk" },
      expect.stringMatching(/^fault\.change must be one of "withoutKey", /),
    ],
    [
      "a list that lags behind by an unknown time",
      { kind: "lagging" },
      "fault.ms must be a whole number, 0 to 2147483647",
    ],
    ["a stale read with an effect", { kind: "stale", effect: true }, "fault.effect is unknown: the options are kind"],
  ])("%s", (_what, fault, mistake) => {
    expect(refusalOf(fault)).toEqual(["Cannot add the fault:", mistake]);
  });

  it.each<[string, unknown, string]>([
    ["a scope that is an operation", "generate", "where must be an object"],
    [
      "a misspelled operation",
      { operations: ["genrate"] },
      'where.operations[0] must be one of "list", "get", "create", "update", "bulkUpdate", "delete", "generate", "validate", "set", "validateSet"',
    ],
    ["an operation that is not in a list", { operations: "generate" }, "where.operations must be a list"],
    ["no operation", { operations: [] }, "where.operations must have one entry or more"],
    ["a tunnel's name", { tunnelId: "branch-1" }, "where.tunnelId must be 32 hexadecimal characters"],
    ["no times", { times: 0 }, "where.times must be a whole number, 1 or more, or Infinity"],
    ["times that are not a number", { times: NaN }, "where.times must be a whole number, 1 or more, or Infinity"],
    ["a request before the first", { after: -1 }, "where.after must be a whole number, 0 or more"],
    ["a number of requests that never come", { after: Infinity }, "where.after must be a whole number, 0 or more"],
    [
      "an unknown part",
      { operation: "generate" },
      "where.operation is unknown: the options are operations, tunnelId, times, after",
    ],
  ])("%s in its scope", (_what, where, mistake) => {
    expect(refusalOf(reset, where)).toEqual(["Cannot add the fault:", mistake]);
  });

  it("a stale response to a call that is not a read, which would have no effect", () => {
    expect(refusalOf({ kind: "stale" }, { operations: ["list", "generate"] })).toEqual([
      "Cannot add the fault:",
      'where.operations[1] must be one of "list", "get"',
    ]);
  });

  it("a lag of a call that is not a list, which would have no effect", () => {
    expect(refusalOf({ kind: "lagging", ms: 5 }, { operations: ["get"] })).toEqual([
      "Cannot add the fault:",
      'where.operations[0] must be one of "list"',
    ]);
  });

  it("keys that are not applied by a call that sets none", () => {
    expect(refusalOf({ kind: "unapplied", reason: "" }, { operations: ["set", "generate"] })).toEqual([
      "Cannot add the fault:",
      "fault.reason must be a string that is not empty",
      'where.operations[1] must be one of "set", "validateSet"',
    ]);
  });

  it("every mistake at the same time", () => {
    expect(refusalOf({ kind: "delay", ms: -1, when: 1 }, { times: 0, operations: ["x"] })).toHaveLength(6);
  });

  it("a fault that would otherwise affect the next request", async () => {
    refusalOf({ kind: "resett" });

    expect((await send(simulator, "GET", "")).status).toBe(200);
  });
});

describe("fault() accepts", () => {
  it.each<[string, Fault, FaultScope | undefined]>([
    [
      "every field of a response",
      { kind: "response", status: 599, body: [], headers: { "cf-ray": "x" }, effect: true },
      undefined,
    ],
    [
      "every field of a scope",
      { kind: "truncated" },
      { operations: ["get"], tunnelId: "0".repeat(32), times: Infinity, after: 5 },
    ],
    ["fields that are undefined, as if they were left out", undefinedEffect(), undefinedScope()],
    ["a stale list", { kind: "stale" }, { operations: ["list"] }],
    ["keys that are not applied", { kind: "unapplied" }, { operations: ["validateSet"] }],
  ])("%s", (_what, fault, where) => {
    const remove = simulator.fault(fault, where);

    expect(remove).not.toThrow();
  });
});

describe("faults", () => {
  it.each<[string, () => unknown, string]>([
    [
      "serverError() refuses what is not a 5xx",
      () => faults.serverError(404),
      "status must be a whole number, 500 to 599",
    ],
    [
      "throttled() refuses an unknown option",
      () => faults.throttled({ retryAfter: 5 } as object),
      "retryAfter is unknown: the options are retryAfterSeconds",
    ],
    [
      "throttled() refuses seconds that are not a number",
      () => faults.throttled({ retryAfterSeconds: NaN }),
      "retryAfterSeconds must be a whole number, 0 or more",
    ],
  ])("%s", (_what, action, mistake) => {
    const failure = thrownBy(action);

    expect(failure).toBeInstanceOf(RangeError);
    expect(linesOf(failure)).toEqual(["Cannot make the fault:", mistake]);
  });
});

function undefinedEffect(): Fault {
  return { kind: "truncated", effect: undefined } as unknown as Fault;
}

function undefinedScope(): FaultScope {
  return { operations: undefined, tunnelId: undefined, times: undefined, after: undefined } as unknown as FaultScope;
}
