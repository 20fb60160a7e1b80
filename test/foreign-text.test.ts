import fc from "fast-check";
import { deliverable, oneLine, shorten } from "../src/foreign-text";

describe("oneLine()", () => {
  it.each([
    ["a plain text", "No such tunnel", "No such tunnel"],
    ["letters of any language, and emoji", "Zürich 東京 😀", "Zürich 東京 😀"],
    ["half a character", "caf\ud83d!", "caf\ufffd!"],
    ["line breaks of every kind", "a\r\nb\u2028c\u0085d\te", "a b c d e"],
    ["colors and cursor movements", "\u001b[2J\u001b[1;31mred\u001b[0m \u009b5Aup", "red up"],
    ["a window's title", "\u001b]0;title\u0007a\u001b]8;;https://example.com\u001b\\b\u009d0;t\u009cc", "abc"],
    ["a title that does not end", "\u001b]0;title", "0;title"],
    ["other sequences of a terminal", "\u001bPq#0\u001b\\a\u001bcb\u001b(0c", "abc"],
    ["a sequence within a sequence", "\u001b\u001b[m[2Ja", "2Ja"],
    ["controls", "a\u0000\u0008\u007fb", "ab"],
    ["marks that reverse or isolate text", "a\u202eb\u2066c\u200fd", "abcd"],
    ["invisible characters", "\ufeffa\u200bb\u{e0041}c\u00adb", "abcb"],
    ["blanks at its ends", " a ", "a"],
    ["nothing", "", ""],
  ])("keeps what a reader may see of %s", (_what, text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });

  it("returns one line of well-formed, visible characters for any text", () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    const odd = fc.constantFrom(
      "\u001b",
      "\u001b[",
      "\u009b",
      "\u001b]",
      "\u0007",
      "\ud83d",
      "\u202e",
      "\n",
      "2J",
      "\\",
    );
    const texts = fc.array(fc.oneof(unit, odd, fc.string())).map((parts) => parts.join(""));

    fc.assert(
      fc.property(texts, (text) => {
        const line = oneLine(text);
        return line.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line);
      }),
    );
  });

  it("takes no longer for a sequence that is begun a million times", () => {
    expect(oneLine("\u001b]0;".repeat(1_000_000))).toHaveLength(2_000_000);
  });
});

describe("shorten()", () => {
  it.each([
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["a😀b", 3, "a…"],
    ["", 3, ""],
  ])("cuts %j to %d", (text, maxLength, expected) => {
    expect(shorten(text, maxLength)).toBe(expected);
  });
});

describe("deliverable()", () => {
  it("keeps a message with its lines", () => {
    expect(deliverable("Cannot read\nWhat to do: wait.")).toBe("Cannot read\nWhat to do: wait.");
  });

  it("makes any message one that a gRPC trailer can carry", () => {
    expect(encodeURI(deliverable("\ud83d東".repeat(100_000))).length).toBeLessThan(30_000);
  });
});
