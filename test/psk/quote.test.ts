import { pathOf, quote } from "../../src/psk/quote";

describe("quote()", () => {
  it.each([
    ["a plain text", "2026-Q4", '"2026-Q4"'],
    ["letters of any language", "Zürich 東京", '"Zürich 東京"'],
    ["quotes", 'a"b', String.raw`"a\"b"`],
    ["a line break", "a\nb", String.raw`"a\nb"`],
    ["an escape sequence of a terminal", "\u001b[31m", String.raw`"\u001b[31m"`],
    ["C1 controls and DEL", "\u009b\u007f", String.raw`"\u009b\u007f"`],
    ["a text that is written from right to left", "a\u202eb", String.raw`"a\u202eb"`],
    ["other line breaks", "a\u2028b", String.raw`"a\u2028b"`],
    ["an invisible character beyond 16 bits", "a\u{e0001}b", String.raw`"a\udb40\udc01b"`],
    ["half a character", "a\ud800b", String.raw`"a\ud800b"`],
  ])("quotes %s", (_what, text, quoted) => {
    expect(quote(text)).toBe(quoted);
  });
});

describe("pathOf()", () => {
  it.each([
    ["quarter", "rotationTriggers.quarter"],
    ["q-4_b", "rotationTriggers.q-4_b"],
    ["", 'rotationTriggers[""]'],
    ["a.b", 'rotationTriggers["a.b"]'],
    ["a\nb", String.raw`rotationTriggers["a\nb"]`],
  ])("names the key %j", (key, path) => {
    expect(pathOf("rotationTriggers", key)).toBe(path);
  });
});
