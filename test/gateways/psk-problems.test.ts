import fc from "fast-check";
import type { CloudVpn } from "../../src/cloud-vpns";
import { type PskConsumer, type Dialect, pskProblems } from "../../src/gateways";
import { DIALECTS } from "../../src/gateways/dialects";
import { judgePsk } from "../../src/gateways/psk-problems";

// A new cloud does not compile until it is tested here.
const CLOUDS: Readonly<Record<CloudVpn, true>> = { aws: true, azure: true, gcp: true, oci: true, alibaba: true };
const clouds = Object.keys(CLOUDS) as CloudVpn[];
const dialects = Object.keys(DIALECTS) as Dialect[];
const consumers: readonly PskConsumer[] = [...clouds, ...dialects];

const typed = dialects.filter((dialect) => dialect !== "strongswan");

/** Two keys at both sides of a rule: one that is accepted, one that is not, and the start of the rule. */
type Boundary = readonly [consumer: PskConsumer, accepted: string, refused: string, rule: string];

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

  ["strongswan", "0x\"'\\ #}\n鍵\u{1F511}", "", "be the pre-shared key: a string of valid Unicode that is not empty"],
  ["strongswan", "fake\u{1F511}", "fake\ud83d", "be the pre-shared key: a string of valid Unicode that is not empty"],

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

describe("pskProblems()", () => {
  it.each(BOUNDARIES)("accepts for %s %j, not %j: psk must %s", (consumer, accepted, refused, rule) => {
    expect(pskProblems(accepted, consumer)).toEqual([]);

    expect(pskProblems(refused, consumer)).toContainEqual(expect.stringContaining(`psk must ${rule}`));
  });

  it.each(dialects)("is tested with every rule of %s", (dialect) => {
    const tested = BOUNDARIES.filter(([consumer]) => consumer === dialect).map(([, , , start]) => start);
    const rules = DIALECTS[dialect].refusedKeys.map(([, rule]) => rule);

    expect(rules.filter((rule) => !tested.some((start) => rule.startsWith(start)))).toEqual([]);
  });

  it("returns every rule of a cloud that a key breaks", () => {
    expect(pskProblems("0-fake", "aws")).toEqual([
      "psk must have 8 to 64 characters",
      "psk must have only the letters A to Z and a to z, digits, periods and underscores",
      "psk must not start with 0",
    ]);
  });

  it("returns every rule of a router that a key breaks, with the reason", () => {
    expect(pskProblems("fake'key", "vyos")).toEqual([
      "psk must not have a single quote, because VyOS has no escape for it",
    ]);
  });

  it.each(consumers)("accepts only strings for %s", (consumer) => {
    const text = { toString: () => "fakekeyfortestsonly" };

    expect(pskProblems(text as never, consumer)).toEqual([expect.stringMatching(/^psk must be /)]);
    expect(pskProblems(undefined as never, consumer)).toEqual([expect.stringMatching(/^psk must be /)]);
  });

  it.each(consumers)("accepts for %s every 48 letters and digits that start with a letter", (consumer) => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{47}$/), (psk) => {
        expect(pskProblems(psk, consumer)).toEqual([]);
      }),
    );
  });

  // Google documents no rule except that there is a key.
  it.each(consumers.filter((consumer) => consumer !== "gcp"))(
    "never shows a key that breaks a rule of %s",
    (consumer) => {
      const start = fc.constantFrom("0", "0x-", "$9$", "ENC ", "-AQ== ", "\ud800 é\x7f'", "");
      const rest = fc.string({ unit: "binary", minLength: 12, maxLength: 160 });
      let refused = 0;
      fc.assert(
        fc.property(start, rest, fc.constantFrom("\ud800~-", "'\"\\"), (...parts) => {
          const psk = parts.join("");
          const texts = pskProblems(psk, consumer);
          if (texts.length === 0) return;
          refused += 1;
          const { title, problems, remedy } = judgePsk(psk, consumer);
          // Not as JSON, which would write the key with escapes.
          const said = [
            ...texts,
            title,
            ...problems.map(({ property, reason }) => `${property} ${reason}`),
            remedy,
          ].join("\n");
          expect(said).not.toContain(psk);
          expect(said).not.toContain(parts[1]);
        }),
        { numRuns: 500 },
      );
      expect(refused).toBeGreaterThan(100);
    },
  );
});

describe("pskProblems() for an unknown consumer", () => {
  it.each(["constructor", "AWS", undefined])("names the known consumers instead of %j", (consumer) => {
    expect(pskProblems("fake-key-for-tests-only", consumer as PskConsumer)).toEqual([
      expect.stringMatching(/^consumer must be one of aws, .+, strongswan, .+, markdown$/),
    ]);
  });
});

describe("judgePsk()", () => {
  it.each<[PskConsumer, string, string]>([
    ["aws", "AWS Site-to-Site VPN", 'Set compatibleWith: ["aws"] on the IpsecTunnelPsk'],
    ["vyos", "a VyOS configuration", "Generate another key: change a rotation trigger."],
  ])("names %s, and says what to do", (consumer, title, remedy) => {
    const judgment = judgePsk("'", consumer);

    expect(judgment.title).toBe(title);
    expect(judgment.remedy).toContain(remedy);
    expect(judgment.problems.map(({ property }) => property)).toEqual(judgment.problems.map(() => "psk"));
  });
});
