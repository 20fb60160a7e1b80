import { keyRules, type RefusedKey, UNTYPEABLE } from "../../src/gateways/key-rules";
import { mistakesIn } from "../../src/gateways/rules";

const mistakesOf = (psk: unknown, refused: readonly RefusedKey[]) =>
  mistakesIn(keyRules(psk, refused)).map(({ message }) => message);

describe("keyRules()", () => {
  it.each([undefined, null, "", 5, ["fake-key"], "half \ud800", "\udc00"])(
    "refuses %j once, whatever the dialect",
    (psk) => {
      expect(mistakesOf(psk, UNTYPEABLE)).toEqual([
        "psk must be the pre-shared key: a string of whole characters, not empty",
      ]);
    },
  );

  it("takes whole characters of any kind where nothing is refused", () => {
    expect(mistakesOf("0x '\"\n鍵\u{1F511}", [])).toEqual([]);
  });

  it("names everything that is refused", () => {
    const refused = [
      [/a/, "not have an a"],
      [/k/, "not have a k"],
      [/x/, "not have an x"],
    ] as const;

    expect(mistakesOf("fake", refused)).toEqual(["psk must not have an a", "psk must not have a k"]);
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
    expect(mistakesOf(psk, UNTYPEABLE)).toEqual([expect.stringContaining(rule)]);
  });

  it.each(["!", "~", "fake key"])("has no word about %j", (psk) => {
    expect(mistakesOf(psk, UNTYPEABLE)).toEqual([]);
  });
});
