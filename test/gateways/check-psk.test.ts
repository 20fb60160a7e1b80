import fc from "fast-check";
import { checkPsk, type Consumer, type Dialect } from "../../src/gateways";
import { DIALECTS } from "../../src/gateways/dialects";
import type { CloudVpn } from "../../src/cloud-vpns";
import { failureOf } from "../support/failure-of";

// A new cloud does not compile until it is tried here.
const CLOUDS: Readonly<Record<CloudVpn, true>> = { aws: true, azure: true, gcp: true, oci: true, alibaba: true };
const clouds = Object.keys(CLOUDS) as CloudVpn[];
const dialects = Object.keys(DIALECTS) as Dialect[];
const consumers: readonly Consumer[] = [...clouds, ...dialects];

const typed = dialects.filter((dialect) => dialect !== "strongswan");

/** Two keys on both sides of a rule: one that is accepted, one that is not, and the start of the rule. */
type Boundary = readonly [consumer: Consumer, accepted: string, refused: string, rule: string];

const BOUNDARIES: readonly Boundary[] = [
  ["aws", "f".repeat(8), "f".repeat(7), "have 8 to 64 characters"],
  ["aws", "f".repeat(64), "f".repeat(65), "have 8 to 64 characters"],
  ["aws", "AZaz09._", "fake-key", "have only the letters A to Z and a to z, digits, periods and underscores"],
  ["aws", "fake_key", "fake key", "have only the letters"],
  ["aws", "fake.key", "fake/key", "have only the letters"],
  ["aws", "fakekeyz", "fakekey{", "have only the letters"],
  ["aws", "fakekeyy", "fakekéyy", "have only the letters"],
  ["aws", "fake.key", "fake.key\n", "have only the letters"],
  ["aws", "1fakekey", "0fakekey", "not start with 0"],
  ["aws", "f0akekey", "0fakekey", "not start with 0"],

  ["azure", "f", "", "have 1 to 128 characters"],
  ["azure", "f".repeat(128), "f".repeat(129), "have 1 to 128 characters"],
  ["azure", "!fakekey", " fakekey", "have only printable ASCII characters, and no space"],
  ["azure", "fakekey}", "fakekey\x7f", "have only printable ASCII"],
  ["azure", "fake,key", "fake-key", "not have a hyphen or a tilde"],
  ["azure", "fake.key", "fake-key", "not have a hyphen or a tilde"],
  ["azure", "fake}key", "fake~key", "not have a hyphen or a tilde"],

  ["gcp", "f", "", "not be empty"],

  ["oci", "f", "", "not be empty"],
  ["oci", "AZ az 09", "fake_key", "have only the letters A to Z and a to z, digits and spaces"],
  ["oci", "fake key", "fake-key", "have only the letters"],
  ["oci", "fake key", "fake.key", "have only the letters"],
  ["oci", "fake key", "fake\tkey", "have only the letters"],
  ["oci", "fake key", "fake kéy", "have only the letters"],

  ["alibaba", "f", "", "have 1 to 100 characters"],
  ["alibaba", "f".repeat(100), "f".repeat(101), "have 1 to 100 characters"],
  ["alibaba", "!fake-key", " fake-key", "have only printable ASCII characters, and no space"],
  ["alibaba", "fake-key~", "fake-key\x7f", "have only printable ASCII"],
  ["alibaba", "fake!key", 'fake"key', "not have a quote or a backslash"],
  ["alibaba", "fake&key", "fake'key", "not have a quote or a backslash"],
  ["alibaba", "fake[key", "fake\\key", "not have a quote or a backslash"],

  ["strongswan", "0x\"'\\ #}\n鍵\u{1F511}", "", "be the pre-shared key: a string of whole characters, not empty"],
  ["strongswan", "fake\u{1F511}", "fake\ud83d", "be the pre-shared key: a string of whole characters, not empty"],

  ...typed.flatMap((dialect): Boundary[] => [
    [dialect, "fakekey", "", "be the pre-shared key"],
    [dialect, "!fake~", "!fake\x7f", "be printable ASCII"],
    [dialect, "!fake~", "\x1ffakes", "be printable ASCII"],
    [dialect, "fake-key", "fake-kéy", "be printable ASCII"],
    [dialect, "fake-key", "fake-key ", "not start or end with white space"],
    [dialect, "fake-key", " fake-key", "not start or end with white space"],
  ]),
  ["markdown", "0x fake \"'\\?$", "0x fake ", "not start or end with white space"],

  ["vyos", "fake`key", "fake'key", "not have a single quote"],
  ["vyos", "fake!key", 'fake"key', "not have a double quote or backslash"],
  ["vyos", "fake/key", "fake\\key", "not have a double quote or backslash"],
  ["vyos", "fake>key", "fake?key", "not have a question mark"],
  ["vyos", "0fake", "0xfake", "not start with 0x or 0s"],
  ["vyos", "f0sake", "0Sfake", "not start with 0x or 0s"],

  ["ciscoIosXe", "fake_key", "fake key", "not have a space"],
  ["ciscoIosXe", "fake!key", 'fake"key', "not have a quote or backslash"],
  ["ciscoIosXe", "fake`key", "fake'key", "not have a quote or backslash"],
  ["ciscoIosXe", "fake/key", "fake\\key", "not have a quote or backslash"],
  ["ciscoIosXe", "fake>key", "fake?key", "not have a question mark"],
  ["ciscoIosXe", "06", "0", "not be 0, 6 or the start of"],
  ["ciscoIosXe", "7", "6", "not be 0, 6 or the start of"],
  ["ciscoIosXe", "locals", "local", "not be 0, 6 or the start of"],
  ["ciscoIosXe", "ln", "L", "not be 0, 6 or the start of"],
  ["ciscoIosXe", "remotes", "remot", "not be 0, 6 or the start of"],
  ["ciscoIosXe", "hexa", "HEX", "not be 0, 6 or the start of"],

  ["junos", "fake'key", 'fake"key', "not have a double quote or backslash"],
  ["junos", "fake/key", "fake\\key", "not have a double quote or backslash"],
  ["junos", "f", "f".repeat(256), "have 1 to 255 characters"],
  ["junos", "f".repeat(255), "f".repeat(256), "have 1 to 255 characters"],
  ["junos", "$7$fake", "$8$fake", "not start with $8$ or $9$"],
  ["junos", "f$9$ake", "$9$fake", "not start with $8$ or $9$"],

  ["fortios", "fake`key", "fake'key", "not have a quote or backslash"],
  ["fortios", "fake!key", 'fake"key', "not have a quote or backslash"],
  ["fortios", "fake/key", "fake\\key", "not have a quote or backslash"],
  ["fortios", "fake>key", "fake?key", "not have a question mark"],
  ["fortios", "fake%key", "fake$key", "not have a dollar sign"],
  ["fortios", "f".repeat(6), "f".repeat(5), "have 6 to 128 characters"],
  ["fortios", "f".repeat(128), "f".repeat(129), "have 6 to 128 characters"],
  ["fortios", "0Afa4e", "00xfa4e", "not start with 00x"],
  ["fortios", "f00xa4e", "00Xfa4e", "not start with 00x"],
  ["fortios", "0sfa4e", "0Xfa4e", "not start with 0x"],
  ["fortios", "f0xa4e", "0xfa4e", "not start with 0x"],
  ["fortios", "ENCfake", "ENC fake", "not start with ENC"],
  ["fortios", "encoded", "enc", "not start with ENC"],

  ["panos", "fake_key", "fake key", "not have a space"],
  ["panos", "fake!key", 'fake"key', "not have a quote or backslash"],
  ["panos", "fake`key", "fake'key", "not have a quote or backslash"],
  ["panos", "fake/key", "fake\\key", "not have a quote or backslash"],
  ["panos", "fake>key", "fake?key", "not have a question mark"],
  ["panos", "f", "f".repeat(256), "have 1 to 255 characters"],
  ["panos", "f".repeat(255), "f".repeat(256), "have 1 to 255 characters"],
  ["panos", "-AQ=fake", "-AQ==fake", "not start with -AQ=="],
  ["panos", "f-AQ==ake", "-AQ==fake", "not start with -AQ=="],
];

describe("checkPsk()", () => {
  it.each(BOUNDARIES)("accepts for %s %j, not %j: psk must %s", (consumer, accepted, refused, rule) => {
    expect(checkPsk(accepted, consumer)).toBe(accepted);

    const { code, details } = failureOf(() => checkPsk(refused, consumer));
    expect(code).toBe("ERR_UNSUITABLE_PSK");
    expect(details.mistakes).toContainEqual({
      field: "psk",
      message: expect.stringContaining(`psk must ${rule}`) as string,
    });
  });

  it.each(dialects)("is tried at every rule of %s", (dialect) => {
    const tried = BOUNDARIES.filter(([consumer]) => consumer === dialect).map(([, , , start]) => start);
    const rules = DIALECTS[dialect].refusedKeys.map(([, rule]) => rule);

    expect(rules.filter((rule) => !tried.some((start) => rule.startsWith(start)))).toEqual([]);
  });

  it("says everything that is wrong for a cloud, and what to do", () => {
    expect(failureOf(() => checkPsk("0-fake", "aws")).message).toBe(
      `Cannot use this key for AWS Site-to-Site VPN: it breaks 3 rules (ERR_UNSUITABLE_PSK)
- psk must have 8 to 64 characters
- psk must have only the letters A to Z and a to z, digits, periods and underscores
- psk must not start with 0
What to do: Set compatibleWith: ["aws"] on the IpsecTunnelPsk, which generates until the key suits.
More: docs/errors.md#err_unsuitable_psk in pulumi-cloudflare-ipsec-psk`,
    );
  });

  it("says everything that is wrong for a device, and what to do", () => {
    expect(failureOf(() => checkPsk("fake'key", "vyos")).message).toBe(
      `Cannot use this key for a VyOS configuration: it breaks 1 rule (ERR_UNSUITABLE_PSK)
- psk must not have a single quote, because VyOS has no escape for it
What to do: Generate another key: change a rotation trigger.
More: docs/errors.md#err_unsuitable_psk in pulumi-cloudflare-ipsec-psk`,
    );
  });

  it.each(consumers)("takes nothing but text for %s", (consumer) => {
    const text = { toString: () => "fakekeyfortestsonly" };

    expect(failureOf(() => checkPsk(text as never, consumer)).code).toBe("ERR_UNSUITABLE_PSK");
    expect(failureOf(() => checkPsk(undefined as never, consumer)).code).toBe("ERR_UNSUITABLE_PSK");
  });

  it.each(consumers)("accepts for %s every 48 letters and digits that start with a letter", (consumer) => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{47}$/), (psk) => {
        expect(checkPsk(psk, consumer)).toBe(psk);
      }),
    );
  });

  // Google documents no rule that a key could break but to be there.
  it.each(consumers.filter((consumer) => consumer !== "gcp"))(
    "never shows a key that it refuses for %s",
    (consumer) => {
      const start = fc.constantFrom("0", "0x-", "$9$", "ENC ", "-AQ== ", "\ud800 é\x7f'", "");
      const rest = fc.string({ unit: "binary", minLength: 12, maxLength: 160 });
      let refused = 0;
      fc.assert(
        fc.property(start, rest, fc.constantFrom("\ud800~-", "'\"\\"), (...parts) => {
          const psk = parts.join("");
          if (accepts(consumer, psk)) return;
          refused += 1;
          const { message, stack, details } = failureOf(() => checkPsk(psk, consumer));
          // Not as JSON, which would write a key otherwise.
          const said = [message, stack, details.summary, details.remedy].join("\n");
          expect(said).not.toContain(psk);
          expect(said).not.toContain(parts[1]);
        }),
        { numRuns: 500 },
      );
      expect(refused).toBeGreaterThan(100);
    },
  );
});

describe("checkPsk() for what it does not know", () => {
  it.each(["constructor", "AWS", undefined])("names the consumers that there are for %j", (consumer) => {
    const { code, details } = failureOf(() => checkPsk("fake-key-for-tests-only", consumer as Consumer));

    expect(code).toBe("ERR_UNSUITABLE_PSK");
    expect(details.mistakes).toEqual([
      {
        field: "consumer",
        message: expect.stringMatching(/^consumer must be one of aws, .+, strongswan, .+, markdown$/) as string,
      },
    ]);
  });
});

function accepts(consumer: Consumer, psk: string): boolean {
  try {
    return checkPsk(psk, consumer) === psk;
  } catch {
    return false;
  }
}
