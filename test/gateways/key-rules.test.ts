import { keyRules, UNTYPEABLE } from "../../src/gateways/key-rules";
import { mistakesIn } from "../../src/gateways/rules";

describe("keyRules()", () => {
  it.each([undefined, null, "", 5, ["fake-key"], "half \ud800", "\udc00"])(
    "refuses %j once, whatever the dialect",
    (psk) => {
      expect(mistakesIn(keyRules(psk, UNTYPEABLE))).toEqual([
        "psk must be the pre-shared key: a string of whole characters, not empty",
      ]);
    },
  );

  it("takes whole characters of any kind where nothing is unquotable", () => {
    expect(mistakesIn(keyRules("0x '\"\n鍵\u{1F511}", []))).toEqual([]);
  });

  it("names everything that cannot be quoted", () => {
    const unquotable = [
      [/a/, "not have an a"],
      [/k/, "not have a k"],
      [/x/, "not have an x"],
    ] as const;

    expect(mistakesIn(keyRules("fake", unquotable))).toEqual(["psk must not have an a", "psk must not have a k"]);
  });
});

describe("UNTYPEABLE", () => {
  it.each([
    ["be printable ASCII", "fake\x7fkey"],
    ["be printable ASCII", "fake\x1fkey"],
    ["be printable ASCII", "fake-kéy"],
    ["not start or end with white space", " fake-key"],
    ["not start or end with white space", "fake-key "],
  ])("says that psk must %s, of %j", (rule, psk) => {
    expect(mistakesIn(keyRules(psk, UNTYPEABLE))).toEqual([expect.stringContaining(rule)]);
  });

  it.each(["!", "~", "fake key"])("has no word about %j", (psk) => {
    expect(mistakesIn(keyRules(psk, UNTYPEABLE))).toEqual([]);
  });
});
