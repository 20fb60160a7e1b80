import { withAdvice, withTexts } from "../../src/native/digits";
import { Secret } from "../../src/native/wire";

describe("withTexts()", () => {
  it("turns exact numbers into the texts that the program means, within secrets, too", () => {
    expect(
      withTexts({
        accountId: 1,
        conduitId: new Secret(33145236),
        rotationTriggers: { week: 202648, ticket: new Secret(7), quarter: "Q1" },
        rotateAfterDays: 90,
      }),
    ).toEqual({
      accountId: 1,
      conduitId: new Secret("33145236"),
      rotationTriggers: { week: "202648", ticket: new Secret("7"), quarter: "Q1" },
      rotateAfterDays: 90,
    });
  });

  it.each([[1.5], [-1], [1e21], [2 ** 53], [true], [null]])("leaves %j, which may have been another text", (value) => {
    expect(withTexts({ conduitId: value, rotationTriggers: { a: value } })).toEqual({
      conduitId: value,
      rotationTriggers: { a: value },
    });
  });

  it("adds nothing", () => {
    expect(withTexts({ accountId: "a" })).toEqual({ accountId: "a" });
  });
});

describe("withAdvice()", () => {
  const problem = { property: "accountId", reason: "must be a Cloudflare account ID: 32 hexadecimal characters" };

  it("says how to write an ID that came as a number", () => {
    expect(withAdvice(problem, { accountId: 1e31 }).reason).toBe(
      `${problem.reason}; it is a number: put it in quotes, or declare it in \`config\` with \`type: string\``,
    );
  });

  it("adds nothing to another mistake", () => {
    expect(withAdvice(problem, { accountId: "abc" })).toEqual(problem);
    expect(withAdvice({ property: "rotateAfterDays", reason: "must be" }, { rotateAfterDays: 1.5 }).reason).toBe(
      "must be",
    );
  });
});
