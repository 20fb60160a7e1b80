import { IpsecTunnelPskError } from "../../src/errors";
import { PartialFailure } from "../../src/psk/partial-failure";
import { keepInState, shownUnderTheResource } from "../../src/dynamic/host-error";
import { storedState } from "../psk/support";

async function failureOf(verb: () => unknown): Promise<Error> {
  return shownUnderTheResource(verb).then(
    () => Promise.reject(new Error("The verb has not failed")),
    (error: unknown) => error as Error,
  );
}

describe("shownUnderTheResource()", () => {
  it.each([
    ["immediately", () => "fake result"],
    ["later", () => Promise.resolve("fake result")],
  ])("returns what a verb returns %s", async (_when, verb) => {
    await expect(shownUnderTheResource<unknown>(verb)).resolves.toBe("fake result");
  });

  it.each([
    [
      "throws",
      () => {
        throw new RangeError("first line\nsecond line");
      },
    ],
    ["rejects with", () => Promise.reject(new RangeError("first line\nsecond line"))],
  ])("keeps the whole message of an error that a verb %s", async (_how, verb) => {
    expect((await failureOf(verb)).message).toBe("first line\nsecond line");
  });

  it("shortens the line that the host prints", async () => {
    const failure = await failureOf(() => Promise.reject(new Error("first line")));

    // The host's own template, in @pulumi/pulumi/cmd/dynamic-provider.
    expect(`${String(failure)}: ${String(failure.stack)}`).toBe("IpsecTunnelPsk: see the error under the resource");
  });

  // The host reads `.message` of every thrown value, and would never respond.
  it.each([[undefined], [null], ["fake text"], [{}]])("turns %p, which is not an error, into one", async (thrown) => {
    const failure = await failureOf(() => {
      throw thrown as Error;
    });

    expect(failure).toBeInstanceOf(Error);
    expect(failure.message).toBe("a defect of this package: something other than an Error was thrown");
  });
});

describe("keepInState()", () => {
  const cause = new IpsecTunnelPskError("ERR_OUTCOME_UNKNOWN", {
    summary: "Cannot tell: it is fake",
    remedy: "None.",
  });
  const kept = () => keepInState(new PartialFailure(storedState, cause), "fake-id", { status: "lost" });

  it("has what the host requires: id, properties and reasons", () => {
    expect(kept()).toMatchObject({ id: "fake-id", properties: { status: "lost" }, reasons: [cause.message] });
  });

  it("keeps the whole message, and a short line for the host to print", () => {
    expect(kept().message).toBe(cause.message);
    expect(`${String(kept())}: ${String(kept().stack)}`).toBe("IpsecTunnelPsk: see the error under the resource");
  });

  it("is not changed by shownUnderTheResource()", async () => {
    const failure = kept();

    await expect(failureOf(() => Promise.reject(failure))).resolves.toBe(failure);
  });
});
