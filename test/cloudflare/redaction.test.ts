import fc from "fast-check";
import { redactor } from "../../src/cloudflare/redaction";
import { oneLine } from "../../src/foreign-text";

const html = (text: string, escape: (code: number) => string, all = /./gsu) =>
  text.replace(all, (character) => escape(character.codePointAt(0) ?? 0));
const percent = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
const units = (text: string) => Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));

/** How a server may write a text that it was sent. */
const WAYS: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "in upper case": (text) => text.toUpperCase(),
  "in lower case": (text) => text.toLowerCase(),
  "in JSON": (text) => JSON.stringify(text).slice(1, -1),
  "in JSON in JSON": (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  "in JSON of PHP": (text) => JSON.stringify(text).slice(1, -1).replaceAll("/", "\\/"),
  "in JSON, all escaped": (text) =>
    units(text)
      .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
      .join(""),
  "in a URL": encodeURIComponent,
  "in a URL, twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  "in a form": (text) => new URLSearchParams({ a: text }).toString().slice(2),
  "in a URL, all escaped": percent,
  "in a URL, all escaped, in upper case": (text) => percent(text).toUpperCase(),
  "in HTML, by name": (text) =>
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&apos;"),
  "in HTML, twice": (text) =>
    text.replaceAll("&", "&amp;amp;").replaceAll("<", "&amp;lt;").replaceAll('"', "&amp;#34;"),
  "in HTML, by number": (text) => html(text, (code) => `&#${code};`),
  "in HTML, by number in three digits": (text) => html(text, (code) => `&#${String(code).padStart(3, "0")};`),
  "in HTML, by hexadecimal number": (text) => html(text, (code) => `&#x${code.toString(16)};`),
  "in HTML, by hexadecimal number in upper case": (text) =>
    html(text, (code) => `&#X${code.toString(16).toUpperCase()};`),
  "in HTML, only punctuation": (text) => html(text, (code) => `&#${code};`, /[^\w\s]/gu),
  "in hexadecimal": (text) => Buffer.from(text).toString("hex"),
  "in Base64": (text) => Buffer.from(text).toString("base64"),
  "in Base64 without padding": (text) => Buffer.from(text).toString("base64").replace(/=+$/, ""),
  "in Base64 for URLs": (text) => Buffer.from(text).toString("base64url"),
  "in Base64 with one byte before it": (text) => Buffer.from(`:${text}`).toString("base64"),
  "in Base64 with two bytes before it": (text) => Buffer.from(`a:${text}`).toString("base64"),
  "in Basic credentials": (text) => Buffer.from(`admin@example.com:${text}`).toString("base64"),
  "in Base64, and more after it": (text) => Buffer.from(`{"psk":"${text}","x":1}`).toString("base64"),
  "in Base64 with line breaks": (text) =>
    (
      Buffer.from(`psk: ${text}`)
        .toString("base64")
        .match(/.{1,16}/g) ?? []
    ).join("\n"),
};

const ascii = fc.string({ unit: "grapheme-ascii", minLength: 8, maxLength: 64 });
const secrets = fc
  .oneof(
    ascii,
    fc.string({ unit: "grapheme", minLength: 8, maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom("\\", "/", '"', "%", "&", "+", "a", "2", "5", ";"),
      minLength: 8,
      maxLength: 40,
    }),
  )
  // What no input and no credential may have.
  .filter((secret) => secret === oneLine(secret) && secret.length >= 8);

const words = fc.constantFrom("", "key ", "Invalid key: ", '"', "psk=", "(", "東京 ");

describe("redactor()", () => {
  it.each(Object.entries(WAYS))("takes out a secret that is written %s, and leaves the rest", (_way, write) => {
    fc.assert(
      fc.property(secrets, words, fc.constantFrom("", " is bad", ")", '"'), (secret, before, after) => {
        const redacted = redactor([secret])(oneLine(`${before}${write(secret)}${after}`));
        expect(redacted).toContain("[secret]");
        // A character beside Base64 may be part of it.
        expect(before.slice(0, -4).trim() === "" || redacted.startsWith(before.slice(0, -4))).toBe(true);
        expect(redacted.replace("[secret]", "").length).toBeLessThanOrEqual(before.length + after.length + 24);
      }),
      { numRuns: 100 },
    );
  });

  it("takes out each of several secrets, the longer one first", () => {
    const redact = redactor(["fake-key-1", "fake-key-1-and-more"]);

    expect(redact("fake-key-1-and-more, fake-key-1, FAKE-KEY-1")).toBe("[secret], [secret], [secret]");
  });

  it("takes out a secret that contains line breaks, as it is in one line", () => {
    expect(redactor(["fake\nkey\nof three lines"])("bad fake key of three lines!")).toBe("bad [secret]!");
  });

  it.each([
    ["a", "[not shown, because it may contain a secret]"],
    ["TUNNEL", "[not shown, because it may contain a secret]"],
    ["x", "No such tunnel"],
    ["é", "No such tunnel"],
  ])("withholds the whole text if a secret of fewer than 8 characters may be in it: %s", (secret, expected) => {
    expect(redactor([secret, "fake-key-1"])(secret === "a" ? "a tunnel" : "No such tunnel")).toBe(expected);
  });

  it("leaves a text without secrets as it is", () => {
    expect(redactor(["fake-key-1", ""])("No such tunnel: fake-key-2")).toBe("No such tunnel: fake-key-2");
    expect(redactor([])("No such tunnel")).toBe("No such tunnel");
  });

  it.each([
    ["backslashes", "\\".repeat(64), "\\".repeat(63) + "a\\".repeat(2_000)],
    ["percent signs", "%25".repeat(20), "%25".repeat(1_300)],
    ["escapes of escapes", "fake-key-for-tests", "%2%35".repeat(800)],
    ["ampersands", "&amp;".repeat(12), "&amp;".repeat(800)],
    ["one letter", "a".repeat(64), `${"a".repeat(63)}b`.repeat(60)],
    ["Base64", "fake-key-for-tests", "A".repeat(4_000)],
    ["zeros", "fake-key-for-tests", `&#${"0".repeat(4_000)}`],
  ])("is quick with a text that nearly has the secret many times: %s", (_what, secret, text) => {
    const startedAt = performance.now();
    redactor([secret])(text);

    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
