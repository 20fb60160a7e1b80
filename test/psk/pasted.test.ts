import { flawOf, keyFlawOf } from "../../src/psk/pasted";

const generated = "hbGnJzFMqwltbTyYx-4_0s9dKfQe2LrNvAbCdEfGhIj";

describe("flawOf()", () => {
  it.each([
    ["it ends with a line break", "fake-key\n"],
    ["it ends with a line break", "fake-key\r\n"],
    ["it starts with a byte order mark", "\uFEFFfake-key"],
    ["it starts with a byte order mark", "\uFEFF fake-key\n"],
    ["it starts or ends with white space", " fake-key"],
    ["it starts or ends with white space", "fake-key\t"],
    ["it starts or ends with white space", "fake-key\u00A0"],
    ["it starts or ends with white space", "fake-key\u3000"],
    ["it starts or ends with white space", "\nfake-key"],
    ["it starts or ends with white space", " "],
    ["it has quotes around it", '"fake-key"'],
    ["it has quotes around it", "'fake-key'"],
    ["it has quotes around it", "`fake-key`"],
    ["it has quotes around it", "“fake-key”"],
    ["it has quotes around it", "„fake-key“"],
    ["it has quotes around it", "‘fake-key’"],
    ["it has quotes around it", "«fake-key»"],
    ["it has quotes around it", '""'],
    ["it has a control character in it", "fake\0key"],
    ["it has a control character in it", "fake\tkey"],
    ["it has a control character in it", "fake\nkey"],
    ["it has a control character in it", "fake\u007Fkey"],
    ["it has a control character in it", "fake\u0085key"],
    ["it has an invisible character in it", "fake\u200Bkey"],
    ["it has an invisible character in it", "fake\u00ADkey"],
    ["it has an invisible character in it", "fake-key\u2060"],
    ["it has an invisible character in it", "fake\uFEFFkey"],
    ["it has an invisible character in it", "fake\u202Ekey"],
    ["it has white space in it that is not a plain space", "fake\u00A0key"],
    ["it has white space in it that is not a plain space", "fake\u2028key"],
    ["it has something in it that is not a character", "fake\uFFFEkey"],
    ["it has something in it that is not a character", "fake\uFDD0key"],
    ["it has something in it that is not a character", "fake\u{1FFFF}key"],
    ["it has something in it that is not a character", "fake\uD800key"],
    ["it has something in it that is not a character", "fake\uFFFDkey"],
  ])("finds that %s: %j", (flaw, text) => {
    expect(flawOf(text)).toBe(flaw);
  });

  it.each(["", generated, "fake key", '"', 'fake"key"', `"fake-key'`, "it's", "fake-kéy", "鍵\u{1F511}"])(
    "finds no flaw in %j",
    (text) => {
      expect([flawOf(text), keyFlawOf(text)]).toEqual([undefined, undefined]);
    },
  );
});

describe("keyFlawOf()", () => {
  it.each([
    ["it ends with a line break", "fake-key\n"],
    ['it has "psk" in front of it', "psk=fake-key"],
    ['it has "psk" in front of it', "psk: fake-key"],
    ['it has "psk" in front of it', 'PSK "fake-key"'],
    ['it has "psk" in front of it', ': PSK "fake-key"'],
    ['it has "psk" in front of it', '"psk": "fake-key"'],
    ["it has its name in front of it", 'secret = "fake-key"'],
    ["it has its name in front of it", "pre-shared-key fake-key"],
    ["it has its name in front of it", 'pre-shared-secret "fake-key"'],
    ["it has its name in front of it", "export TUNNEL_KEY=fake-key"],
    ["it has its name in front of it", "KEY=fake-key"],
    ["it has its name in front of it", '"pre_shared_key": "fake-key"'.slice(1)],
    ["it has quotes around it, and a comma or semicolon after them", '"fake-key",'],
    ["it has quotes around it, and a comma or semicolon after them", "'fake-key';"],
    ["it has escaped quotes around it", String.raw`\"fake-key\"`],
    ["it has escaped quotes around it", "&quot;fake-key&quot;"],
    ["it ends with an escaped line break", String.raw`fake-key\n`],
    ['it is in Base64 as strongSwan has it, with "0s" in front', "0sZmFrZS1rZXk="],
    ['it is in Base64 as strongSwan has it, with "0s" in front', `0s${Buffer.from(generated).toString("base64")}`],
    ["it is what a program prints in place of a value", "undefined"],
    ["it is what a program prints in place of a value", "[object Object]"],
    ["it is what a program prints in place of a value", "Calling [toString] on an [Output<T>] is not supported."],
    ["it is a placeholder for a hidden secret", "[secret]"],
    ["it is a placeholder for a hidden secret", "********"],
    ["it is a placeholder for a hidden secret", "••••••••"],
  ])("finds that %s: %j", (flaw, text) => {
    expect(keyFlawOf(text)).toBe(flaw);
  });

  it.each([
    generated,
    `0s${generated.slice(2)}`,
    "0sO3bwKSjnaoCxDoUxjcq4Rk8ZKkezQU",
    "fakeKEY==",
    "the key of the tunnel",
    "psk",
    "pskfake",
    "psk-1",
    "fake=psk",
    "*fake*",
    "secret",
  ])("finds no flaw in %j", (text) => {
    expect(keyFlawOf(text)).toBeUndefined();
  });
});
