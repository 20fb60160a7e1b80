import { hasUnknown, UNKNOWN } from "../../src/psk/sentinels";

describe("hasUnknown()", () => {
  it.each([UNKNOWN, [UNKNOWN], { a: UNKNOWN }, { a: [{ b: UNKNOWN }] }])("returns true for %j", (value) => {
    expect(hasUnknown(value)).toBe(true);
  });

  it.each([undefined, null, 0, "", `${UNKNOWN} `, [], {}, { [UNKNOWN]: "a" }])("returns false for %j", (value) => {
    expect(hasUnknown(value)).toBe(false);
  });
});
