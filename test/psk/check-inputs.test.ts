import { checkInputs } from "../../src/psk/check-inputs";
import { INPUT_NAMES } from "../../src/psk/inputs";
import { ACCOUNT_OF_TUNNEL, CLAIMED_BY, UNKNOWN } from "../../src/psk/sentinels";
import { GOOD_INPUTS, INPUT_SAMPLES, inputsWith } from "../support/input-samples";
import { accountId, fakeKey, ipsecTunnelId } from "./support";

const good = { accountId, ipsecTunnelId };
const badAccount = "must be a Cloudflare account ID: 32 hexadecimal characters";
const fakeSecret = "fake-secret-value";
const existingKey = { psk: fakeKey, lastGeneratedOn: "2026-11-23T08:15:00.123456Z" };
const badDays = "must be a whole number of days, 1 or more";
const badTimestamp = 'must be the timestamp that Cloudflare shows, as in "2026-11-23T08:15:00.123456Z"';
const badConduit = "must be the short number in the tunnel's IKE identities, as a string of digits";
const badTunnel = "must be the ID of an IPsec tunnel: 32 hexadecimal characters";

const ACCOUNT_FOR_TUNNEL =
  "is the ID of the account, because @pulumi/cloudflare sets the id of a MagicWanIpsecTunnel to it: set ipsecTunnelName instead (in TypeScript, tunnel), or the tunnel's own ID";

describe("checkInputs()", () => {
  it.each(INPUT_NAMES)("accepts an unknown %s among all others", (name) => {
    expect(checkInputs({ ...inputsWith(name), [name]: UNKNOWN })).toEqual([]);
  });

  it.each(INPUT_NAMES)("refuses a wrong %s among all others, and nothing else", (name) => {
    const { wrong, reason } = INPUT_SAMPLES[name];

    expect(checkInputs({ ...inputsWith(name), [name]: wrong })).toEqual([{ property: name, reason }]);
  });

  it.each([
    ["the IDs alone", good],
    ["everything", GOOD_INPUTS],
    ["an empty trigger", { ...good, rotationTriggers: { quarter: "2026-Q4", empty: "" } }],
    ["the cloud VPNs that accept half of the keys", { ...good, compatibleWith: ["aws", "azure"] }],
    ["no cloud VPN", { ...good, compatibleWith: [] }],
    ["an unknown cloud VPN", { ...good, compatibleWith: ["aws", UNKNOWN] }],
    [
      "a compatible existing key",
      { ...good, existingKey: { ...existingKey, psk: "fakekeyfortestsonly" }, compatibleWith: ["aws"] },
    ],
    [
      "an unknown existing key that must be compatible",
      { ...good, existingKey: { ...existingKey, psk: UNKNOWN }, compatibleWith: ["aws"] },
    ],
    ["an existing key without a cloud VPN", { ...good, existingKey, compatibleWith: [] }],
    ["an existing key with a space in it", { ...good, existingKey: { ...existingKey, psk: "fake key" } }],
    ["a day", { ...good, rotateAfterDays: 1 }],
    ["the explicit default", { ...good, onExternalRotation: "regenerate" }],
    [
      "a timestamp with nanoseconds",
      { ...good, existingKey: { ...existingKey, lastGeneratedOn: "2026-11-23T08:15:00.123456789Z" } },
    ],
    [
      "a timestamp of a whole second",
      { ...good, existingKey: { ...existingKey, lastGeneratedOn: "2026-11-23T08:15:00Z" } },
    ],
    ["an unknown psk of the existing key", { ...good, existingKey: { ...existingKey, psk: UNKNOWN } }],
    [
      "an unknown timestamp of the existing key",
      { ...good, existingKey: { ...existingKey, lastGeneratedOn: UNKNOWN } },
    ],
    ["IDs in upper case", { accountId: accountId.toUpperCase(), ipsecTunnelId: ipsecTunnelId.toUpperCase() }],
    ["a tunnel by its name", { accountId, ipsecTunnelName: "Branch 1 " }],
    ["an unknown name", { accountId, ipsecTunnelName: UNKNOWN, ipsecTunnelCreatedOn: UNKNOWN }],
    ["an account in upper case that is that of the tunnel", { ...good, [ACCOUNT_OF_TUNNEL]: accountId.toUpperCase() }],
    ["an unknown account of the tunnel", { ...good, [ACCOUNT_OF_TUNNEL]: UNKNOWN }],
    ["no triggers", { ...good, rotationTriggers: {} }],
    ["Pulumi's own properties", { ...good, __provider: "exports.handler=…", __defaults: [] }],
    ["an unknown claim", { ...good, [CLAIMED_BY]: UNKNOWN }],
    ["an unknown trigger", { ...good, rotationTriggers: { quarter: UNKNOWN } }],
  ])("accepts %s", (_what, args) => {
    expect(checkInputs(args)).toEqual([]);
  });

  it.each([
    ["no account", { ipsecTunnelId }, "accountId", `is required: it ${badAccount}`],
    ["no tunnel", { accountId }, "ipsecTunnelName", "or ipsecTunnelId is required, to say which tunnel the key is for"],
    ["an account that is null", { ...good, accountId: null }, "accountId", badAccount],
    ["an account that is a number", { ...good, accountId: 5 }, "accountId", badAccount],
    ["a short account", { ...good, accountId: accountId.slice(1) }, "accountId", badAccount],
    ["a long account", { ...good, accountId: `${accountId}0` }, "accountId", badAccount],
    ["an account that is not hexadecimal", { ...good, accountId: `g${accountId.slice(1)}` }, "accountId", badAccount],
    [
      "an account with a line break",
      { ...good, accountId: `${accountId}\n` },
      "accountId",
      `${badAccount}; it ends with a line break`,
    ],
    [
      "a tunnel in quotes",
      { ...good, ipsecTunnelId: `"${ipsecTunnelId}"` },
      "ipsecTunnelId",
      `${badTunnel}; it has quotes around it`,
    ],
    [
      "a conduit ID with a space",
      { ...good, conduitId: " 33145236" },
      "conduitId",
      `${badConduit}; it starts or ends with white space`,
    ],
    ["a path as tunnel", { ...good, ipsecTunnelId: `../${ipsecTunnelId}` }, "ipsecTunnelId", badTunnel],
    ["triggers that are a text", { ...good, rotationTriggers: "a" }, "rotationTriggers", "must be a map of strings"],
    ["triggers that are null", { ...good, rotationTriggers: null }, "rotationTriggers", "must be a map of strings"],
    ["a number as trigger", { ...good, rotationTriggers: { q: 4 } }, "rotationTriggers.q", "must be a string"],
    ["null as trigger", { ...good, rotationTriggers: { q: null } }, "rotationTriggers.q", "must be a string"],
    [
      "a trigger without a name",
      { ...good, rotationTriggers: { "": "1" } },
      'rotationTriggers[""]',
      "must have a name: an empty one is not allowed",
    ],
    [
      "a number as trigger with a line break in its name",
      { ...good, rotationTriggers: { "a\nb": 4 } },
      String.raw`rotationTriggers["a\nb"]`,
      "must be a string",
    ],
    [
      "a foreign property with a line break in its name",
      { ...good, "a\nb": 4 },
      String.raw`"a\nb"`,
      "is not a property of IpsecTunnelPsk",
    ],
    [
      "the tunnel of another resource",
      { ...good, [CLAIMED_BY]: "branch-1" },
      "ipsecTunnelId",
      'already belongs to IpsecTunnelPsk "branch-1": remove one of the two, because a tunnel has one key, and each resource would overwrite the key of the other',
    ],
    ["negative days", { ...good, rotateAfterDays: -1 }, "rotateAfterDays", badDays],
    ["half a day", { ...good, rotateAfterDays: 0.5 }, "rotateAfterDays", badDays],
    ["a day and a half", { ...good, rotateAfterDays: 1.5 }, "rotateAfterDays", badDays],
    ["days as text", { ...good, rotateAfterDays: "90" }, "rotateAfterDays", badDays],
    ["infinite days", { ...good, rotateAfterDays: Infinity }, "rotateAfterDays", badDays],
    ["days that are null", { ...good, rotateAfterDays: null }, "rotateAfterDays", badDays],
    ["an existing key that is null", { ...good, existingKey: null }, "existingKey", "must be { psk, lastGeneratedOn }"],
    [
      "an existing key with a misspelled field",
      { ...good, existingKey: { ...existingKey, lastgeneratedOn: "x" } },
      "existingKey",
      'must be { psk, lastGeneratedOn }, without "lastgeneratedOn"',
    ],
    [
      "an existing key without psk",
      { ...good, existingKey: { ...existingKey, psk: undefined } },
      "existingKey.psk",
      "must be a string that is not empty",
    ],
    // Such a text used to mark the claim of another resource.
    ["an account with a name", { ...good, accountId: "claimed by me" }, "accountId", badAccount],
    ["a tunnel with a name", { ...good, ipsecTunnelId: "claimed by me" }, "ipsecTunnelId", badTunnel],
    [
      "an existing key with an empty psk",
      { ...good, existingKey: { ...existingKey, psk: "" } },
      "existingKey.psk",
      "must be a string that is not empty",
    ],
    [
      "an existing key with a line break",
      { ...good, existingKey: { ...existingKey, psk: `${fakeKey}\n` } },
      "existingKey.psk",
      "must be the key alone: it ends with a line break",
    ],
    [
      "an existing key in quotes",
      { ...good, existingKey: { ...existingKey, psk: `"${fakeKey}"` } },
      "existingKey.psk",
      "must be the key alone: it has quotes around it",
    ],
    [
      "an existing key with its name",
      { ...good, existingKey: { ...existingKey, psk: `psk=${fakeKey}` } },
      "existingKey.psk",
      'must be the key alone: it has "psk" in front of it',
    ],
    [
      "an existing key whose timestamp ends with a space",
      { ...good, existingKey: { ...existingKey, lastGeneratedOn: `${existingKey.lastGeneratedOn} ` } },
      "existingKey.lastGeneratedOn",
      `${badTimestamp}; it starts or ends with white space`,
    ],
    [
      "an existing key whose timestamp is in quotes",
      { ...good, existingKey: { ...existingKey, lastGeneratedOn: `"${existingKey.lastGeneratedOn}"` } },
      "existingKey.lastGeneratedOn",
      `${badTimestamp}; it has quotes around it`,
    ],
    [
      "an existing key without a timestamp",
      { ...good, existingKey: { psk: fakeKey } },
      "existingKey.lastGeneratedOn",
      badTimestamp,
    ],
    [
      "an existing key whose timestamp is a date",
      { ...good, existingKey: { ...existingKey, lastGeneratedOn: "2026-11-23" } },
      "existingKey.lastGeneratedOn",
      badTimestamp,
    ],
    [
      "an existing key whose timestamp is a number",
      { ...good, existingKey: { ...existingKey, lastGeneratedOn: 1_763_885_700 } },
      "existingKey.lastGeneratedOn",
      badTimestamp,
    ],
    ["a conduit ID that is a number", { ...good, conduitId: 33_145_236 }, "conduitId", badConduit],
    ["an empty conduit ID", { ...good, conduitId: "" }, "conduitId", badConduit],
    [
      "a cloud VPN that accepts few keys",
      { ...good, compatibleWith: ["aws", "oci"] },
      "compatibleWith.1",
      expect.stringMatching(/^must be "aws" or "azure"; OCI Site-to-Site VPN: Give OCI's key, or one of yours, as psk/),
    ],
    [
      "a cloud VPN that accepts every key",
      { ...good, compatibleWith: ["gcp"] },
      "compatibleWith.0",
      'must be "aws" or "azure"; Google Cloud VPN accepts every key that Cloudflare generates: leave it out',
    ],
    [
      "a router as cloud VPN",
      { ...good, compatibleWith: ["vyos"] },
      "compatibleWith.0",
      'must be "aws" or "azure"; checkPsk checks a key for other routers and clouds',
    ],
    [
      "an incompatible existing key",
      { ...good, existingKey, compatibleWith: ["azure"] },
      "existingKey.psk",
      "is not compatible with Azure VPN Gateway, which compatibleWith names: leave one of the two out",
    ],
    [
      "a tunnel that is named twice",
      { ...good, ipsecTunnelName: "branch-1" },
      "ipsecTunnelName",
      "and ipsecTunnelId name the tunnel twice: remove one of the two",
    ],
    [
      "a tunnel that may be named twice",
      { accountId, ipsecTunnelId: UNKNOWN, ipsecTunnelName: UNKNOWN },
      "ipsecTunnelName",
      "and ipsecTunnelId name the tunnel twice: remove one of the two",
    ],
    [
      "a pin without a name",
      { ...good, ipsecTunnelCreatedOn: "2026-11-23T08:15:00Z" },
      "ipsecTunnelCreatedOn",
      "needs ipsecTunnelName: add the name, or remove ipsecTunnelCreatedOn",
    ],
    [
      "the account's ID as that of the tunnel",
      { accountId, ipsecTunnelId: accountId.toUpperCase() },
      "ipsecTunnelId",
      ACCOUNT_FOR_TUNNEL,
    ],
    [
      "the account's ID as that of a second tunnel, too",
      { accountId, ipsecTunnelId: accountId, [CLAIMED_BY]: "first" },
      "ipsecTunnelId",
      ACCOUNT_FOR_TUNNEL,
    ],
    [
      "a second key for a name",
      { accountId, ipsecTunnelName: "branch-1", [CLAIMED_BY]: "first" },
      "ipsecTunnelName",
      'already belongs to IpsecTunnelPsk "first": remove one of the two, because a tunnel has one key, and each resource would overwrite the key of the other',
    ],
    [
      "an account that is not that of the tunnel",
      { ...good, [ACCOUNT_OF_TUNNEL]: "f".repeat(32) },
      "accountId",
      "differs from the account of tunnel: remove accountId, because tunnel already provides it",
    ],
    ["a foreign property", { ...good, tunnelId: "x" }, "tunnelId", "is not a property of IpsecTunnelPsk"],
    [
      "a property that every object inherits",
      { ...good, constructor: "x" },
      "constructor",
      "is not a property of IpsecTunnelPsk",
    ],
  ])("refuses %s", (_what, args, property, reason) => {
    expect(checkInputs(args)).toEqual([{ property, reason: reason as unknown }]);
  });

  it("finds every mistake", () => {
    const problems = checkInputs({
      accountId: 1,
      rotationTriggers: { a: 1, b: "2", c: 3 },
      validateInPreview: 4,
      other: 5,
    });

    expect(problems.map(({ property }) => property)).toEqual([
      "accountId",
      "rotationTriggers.a",
      "rotationTriggers.c",
      "validateInPreview",
      "ipsecTunnelName",
      "other",
    ]);
  });

  it.each<[string, unknown]>([
    ["accountId", fakeSecret],
    ["ipsecTunnelId", fakeSecret],
    ["rotationTriggers", fakeSecret],
    ["rotateAfterDays", fakeSecret],
    ["onExternalRotation", fakeSecret],
    ["existingKey", fakeSecret],
    ["existingKey", { psk: fakeSecret }],
    ["existingKey", { psk: fakeSecret, lastGeneratedOn: "yesterday" }],
    ["existingKey", { psk: "fake-key", lastGeneratedOn: fakeSecret }],
    ["existingKey", { psk: [fakeSecret], lastGeneratedOn: "2026-11-23T08:15:00Z" }],
    ["existingKey", { ...existingKey, key: fakeSecret }],
    ["existingKey", { ...existingKey, psk: `${fakeSecret}\n` }],
    ["existingKey", { ...existingKey, lastGeneratedOn: `"${fakeSecret}"` }],
    ["conduitId", ` ${fakeSecret}`],
    ["compatibleWith", fakeSecret],
    ["compatibleWith", [fakeSecret]],
    ["conduitId", fakeSecret],
    ["validateInPreview", fakeSecret],
    ["foreign", fakeSecret],
  ])("never quotes a value, which may be secret: %s %j", (property, value) => {
    const problems = checkInputs({ ...good, [property]: value });

    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toContain(fakeSecret);
  });
});

describe("checkInputs() of a key that the program gives", () => {
  const other = { ...existingKey, psk: "another-fake-key" };

  it.each([
    ["a key", { psk: fakeKey }],
    ["an unknown key", { psk: UNKNOWN, compatibleWith: ["aws"] }],
    ["an unknown key beside an existing one", { psk: UNKNOWN, existingKey }],
    ["a compatible key", { psk: "fakekeyfortestsonly", compatibleWith: ["aws", "azure"] }],
    ["the existing key itself", { psk: fakeKey, existingKey }],
    ["an existing key that is unknown", { psk: fakeKey, existingKey: UNKNOWN }],
    ["a spread below the age", { rotateAfterDays: 90, rotateSpreadDays: 89 }],
    ["no spread", { rotateAfterDays: 90, rotateSpreadDays: 0 }],
    ["a spread of an unknown age", { rotateAfterDays: UNKNOWN, rotateSpreadDays: 14 }],
    ["an unknown spread", { rotateAfterDays: 90, rotateSpreadDays: UNKNOWN }],
  ])("accepts %s", (_what, args) => {
    expect(checkInputs({ ...good, ...args })).toEqual([]);
  });

  it.each([
    ["psk", "must be a string that is not empty", { psk: "" }],
    ["psk", "must be a string that is not empty", { psk: 1 }],
    ["psk", "must be the key alone: it ends with a line break", { psk: `${fakeSecret}\n` }],
    ["psk", "must be the key alone: it has quotes around it", { psk: `"${fakeSecret}"` }],
    [
      "psk",
      "is not compatible with AWS Site-to-Site VPN, which compatibleWith names: it must have 8 to 64 characters; it must not start with 0",
      { psk: "0short", compatibleWith: ["aws"] },
    ],
    [
      "existingKey.psk",
      "must be the same key as psk: remove existingKey to set psk, or psk to take over the existing key",
      { psk: fakeSecret, existingKey: other },
    ],
    ["rotateSpreadDays", "must be less than rotateAfterDays", { rotateAfterDays: 14, rotateSpreadDays: 14 }],
    ["rotateSpreadDays", "must be less than rotateAfterDays, which is missing", { rotateSpreadDays: 14 }],
    ["rotateSpreadDays", "must be a whole number of days, 0 or more", { rotateAfterDays: 90, rotateSpreadDays: -1 }],
    ["rotateSpreadDays", "must be a whole number of days, 0 or more", { rotateAfterDays: 90, rotateSpreadDays: 1.5 }],
  ])("%s %s", (property, reason, args) => {
    const problems = checkInputs({ ...good, ...args });

    expect(problems).toEqual([{ property, reason }]);
    expect(JSON.stringify(problems)).not.toContain(fakeSecret);
  });
});
