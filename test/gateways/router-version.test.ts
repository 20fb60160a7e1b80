import { isOlder, isVersion } from "../../src/gateways/router-version";

describe("isVersion()", () => {
  it.each(["7.6.6", "26.1.1", "17.03.04a", "23.4R2", "24.4R1-S2", "11.2.4-h1", "6.0.2", "2026.05.26-1327-rolling"])(
    "accepts %s, as its vendor writes it",
    (version) => {
      expect(isVersion(version)).toBe(true);
    },
  );

  it.each(["7", "v7.6.6", "7..6", ".7", "7.6.", "7.6.6 ", "7.6\n7", `7.6${"a".repeat(17)}`, "", undefined, 7.6])(
    "rejects %j",
    (version) => {
      expect(isVersion(version)).toBe(false);
    },
  );
});

describe("isOlder()", () => {
  it.each([
    ["7.6.5", "7.6.6"],
    ["7.6", "7.6.6"],
    ["7.4.11", "7.6.6"],
    ["17.07.01a", "17.8"],
    ["17.18.2", "26.1.1"],
    ["22.4R3", "23"],
  ])("finds %s older than %s", (version, than) => {
    expect(isOlder(version, than)).toBe(true);
  });

  it.each([
    ["7.6.6", "7.6.6"],
    ["7.10.0", "7.6.6"],
    ["17.8", "17.8.0"],
    ["17.08.01a", "17.8"],
    ["26.1.1", "17.8"],
    ["23.4R2", "23"],
    ["8.0", "7.6.7"],
    // Nothing is known of what is no version: another rule reports it.
    [undefined, "7.6.6"],
    ["latest", "7.6.6"],
    [5, "7.6.6"],
  ])("finds %s not older than %s", (version, than) => {
    expect(isOlder(version, than)).toBe(false);
  });
});
