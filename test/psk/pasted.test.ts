import { flawOf, keyFlawOf } from "../../src/psk/pasted";
import { ALPHANUMERIC, drawKeys, SPECIAL } from "./random-keys";

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

describe("a key that is as a whole something that nothing has resolved", () => {
  it.each([
    "op://vault/item/field",
    "OP://vault/item",
    "ref+vault://secret/data/branch#psk",
    "ref+awssm://branch/psk",
    "vault://secret/branch#psk",
    "doppler://project/config/PSK",
    "aws-sm://branch/psk",
    "sm://project/psk",
    "https://vault.example.com/v1/secret/branch",
    "${PSK}",
    "${env:PSK}",
    "${config.psk:-default}",
    "${{ secrets.PSK }}",
    "$(PSK)",
    "$(cat /run/secrets/psk)",
    "#{psk}",
    "#{psk}#",
    "%PSK%",
    "$env:PSK",
    "$PSK",
    "$psk",
    "$IPSEC_PSK",
    "$ipsec_tunnel_psk",
    "process.env.PSK",
    "os.environ['PSK']",
    "secrets.PSK",
    "var.branch_psk",
    "{{ psk }}",
    "{{resolve:ssm-secure:/branch/psk:1}}",
    "{{resolve:secretsmanager:branch:SecretString:psk}}",
    "<%= psk %>",
    "((branch/psk))",
    "ENC[AES256_GCM,data:fake,iv:fake,tag:fake,type:str]",
    "ENC[PKCS7,fake]",
    "ENC(fake)",
    "$ANSIBLE_VAULT;1.1;AES256",
    "vault:v1:fakefakefake",
    "v1:fakefakefakefake:fakefakefake==",
    "!secret branch_psk",
    "!vault fake",
    "!Ref BranchPsk",
    "vault:secret/data/branch#psk",
    ">>vault:secret/data/branch#psk",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:branch-AbCdEf",
    "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/branch",
    "projects/fake/secrets/branch/versions/latest",
    "@Microsoft.KeyVault(SecretUri=https://fake.vault.azure.net/secrets/psk)",
  ])("finds the reference in %s", (text) => {
    expect(keyFlawOf(text)).toBe("it is a reference to a secret, and nothing has replaced it with the secret");
  });

  it.each([
    "TODO",
    "tbd",
    "FIXME",
    "changeme",
    "CHANGE-ME",
    "change_me!",
    "please change me",
    "replace-this",
    "placeholder",
    "your-psk",
    "YOUR_PRE_SHARED_KEY_HERE",
    "insert-key-here",
    "xxxxxxxx",
    "...",
    "__PSK__",
    "__BRANCH_PSK__",
    "<psk>",
    "<your-key>",
  ])("finds the placeholder in %s", (text) => {
    expect(keyFlawOf(text)).toBe("it is a placeholder, which nothing has replaced with a key");
  });

  it.each(["[REDACTED]", "(sensitive value)", "<sensitive value>", "redacted"])(
    "finds the hidden secret in %s",
    (text) => {
      expect(keyFlawOf(text)).toBe("it is a placeholder for a hidden secret");
    },
  );

  it.each([
    "kQ2${PSK}xW7bM4Lr3TfZ9",
    "${kQ2}xW7bM4Lr3TfZ9{psk}",
    "${kQ2%xW7!bM4&Lr3#TfZ9*}",
    "kQ2{{xW7bM4Lr3}}TfZ9",
    "$kQ2xW7bM4Lr3TfZ9",
    "$KQ2XW7BM4LR3TFZ9",
    "%kQ2xW7bM4Lr3TfZ9%",
    "<kQ2xW7bM4Lr3TfZ9>",
    "TODOkQ2xW7bM4Lr3",
    "op:/kQ2xW7bM4Lr3",
    "a9://kQ2xW7bM4Lr3",
    "vault:kQ2xW7bM4Lr3",
    "!kQ2 xW7bM4Lr3",
    "arn:kQ2xW7bM4Lr3",
    "__kQ2xW7bM4Lr3__",
    "changemeplease2026kQ2xW7",
  ])("lets %s pass", (text) => {
    expect(keyFlawOf(text)).toBeUndefined();
  });

  // The chance is about 5 in ten million for 16 such characters, and 1 in ten million for 32 or more.
  it.each([16, 20, 32, 48])("is no random key: 20,000 times RandomPassword of %i with special characters", (length) => {
    const keys = drawKeys(20_000, ALPHANUMERIC + SPECIAL, length);

    expect(keys.filter((key) => keyFlawOf(key)?.includes("nothing has"))).toEqual([]);
  });
});
