import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import { createCalls, type Calls } from "../../src/native/calls";

type Reply = Parameters<sendUnaryData<string>>;

/** Calls a method as gRPC does. Returns the replies, of which `deny` ones cannot be sent. */
function call(calls: Calls, run: (request: string) => string | Promise<string>, deny = 0): Reply[] {
  const replies: Reply[] = [];
  const asked: unknown = { request: "asked" };
  calls.unary(run)(asked as ServerUnaryCall<string, string>, (...reply) => {
    replies.push(reply);
    if (replies.length <= deny) throw new URIError("fake: it cannot be sent");
  });
  return replies;
}

const soon = () => new Promise(setImmediate);

describe("createCalls()", () => {
  it("replies with what the method returns, or with its failure", async () => {
    const calls = createCalls();
    const returned = call(calls, (request) => `${request} and done`);
    const failed = call(calls, () => Promise.reject(new Error("Cannot")));
    await soon();

    expect(returned).toEqual([[null, "asked and done"]]);
    expect(failed).toEqual([[expect.objectContaining({ details: "Cannot" })]]);
  });

  it("replies with a failure to a call whose response cannot be sent", async () => {
    const replies = call(createCalls(), () => "done", 1);
    await soon();

    expect(replies).toEqual([[null, "done"], [expect.objectContaining({ details: "fake: it cannot be sent" })]]);
  });

  it("ends when every call in flight has its reply, and refuses new ones", async () => {
    const calls = createCalls();
    let finish: (value: string) => void = () => undefined;
    const slow = call(calls, () => new Promise((resolve) => (finish = resolve)));
    await soon();
    let hasEnded = false;
    const ending = calls.end().then(() => (hasEnded = true));
    const late = call(calls, () => "never");
    await soon();

    expect(hasEnded).toBe(false);
    expect(late).toEqual([[expect.objectContaining({ details: expect.stringContaining("is ending") as string })]]);
    finish("done");
    await ending;
    expect(slow).toEqual([[null, "done"]]);
  });
});
