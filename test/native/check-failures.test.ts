import { showableProblem } from "../../src/native/check-failures";
import { Secret } from "../../src/native/wire";

describe("showableProblem()", () => {
  const problem = (property: string) => ({ property, reason: "must be right" });
  const failureFor = (property: string, value: unknown) =>
    showableProblem({ [property]: value }, new Set(["accountId", "rotationTriggers"]))(problem(property));

  it("names a property whose value may be shown", () => {
    expect(failureFor("accountId", "wrong")).toEqual(problem("accountId"));
  });

  // The engine prints the value beside the name.
  it.each([
    ["a secret value", "accountId", new Secret("fake")],
    ["a property that may hold a key", "existingKey", "fake"],
    ["a property that this resource does not have", "psk", "fake"],
    ["a map, which may have secrets in it", "rotationTriggers", { a: "b" }],
    ["a missing value, which would read <nil>", "accountId", undefined],
  ])("names %s in the reason alone", (_what, property, value) => {
    expect(failureFor(property, value)).toEqual({ property: "", reason: `${property} must be right` });
  });
});
