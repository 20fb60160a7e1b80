import { IpsecTunnelPskError } from "../../src/errors";
import { activeKeyText, planText, type Finding, findingText, warningText } from "../../src/preview/messages";
import type { ExistingKey } from "../../src/psk/inputs";
import type { Plan } from "../../src/psk/rotation";
import { UNKNOWN } from "../../src/psk/sentinels";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const TUNNEL = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const GENERATED_ON = "2026-03-01T12:00:00.123456Z";
const FAKE_KEY = "a-fake-key-for-tests-only";

const failure = new IpsecTunnelPskError("ERR_UNAVAILABLE", {
  summary: "Cannot list the tunnels: Cloudflare failed with HTTP 500",
  remedy: "Run again.",
});
const inconclusive = (reach: "tunnel" | "account" | "credentials"): Finding => ({
  kind: "inconclusive",
  error: failure,
  reach,
});

describe("findingText()", () => {
  it.each<[Finding, string]>([
    [{ kind: "accepted" }, "Cloudflare would accept this (validate_only: nothing was persisted)."],
    [
      { kind: "exists", maxPreviewValidations: 60 },
      "Not validated individually, because this preview has validated 60 tunnels (maxPreviewValidations). The tunnel exists.",
    ],
    [{ kind: "sameTimestamp" }, "Cloudflare shows the same timestamp for the active key."],
    [{ kind: "off" }, "Not validated: validateInPreview is false."],
    [{ kind: "unknown", what: "accountId" }, "Not validated: accountId is known only after up."],
    [{ kind: "unknown", what: "credentials" }, "Not validated: the provider's credentials are known only after up."],
    [
      { kind: "unknown", what: "tunnel" },
      "Not validated: the tunnel is known only after up. Account and credentials are valid.",
    ],
    [{ kind: "unknown", what: "existingKey" }, "Not checked: existingKey is known only after up."],
    [
      { kind: "noTunnel", tunnel: '"branch-1"', why: 'it has "branch-2"' },
      'Not validated: the account has no tunnel "branch-1" yet; it has "branch-2". If this up does not create it, correct ipsecTunnelName. Account and credentials are valid.',
    ],
    [{ kind: "noCredentials" }, "Not validated."],
  ])("explains %j", (finding, text) => {
    expect(findingText(finding)).toBe(text);
  });

  it("quotes the summary of a failure that leaves the question open", () => {
    expect(findingText(inconclusive("tunnel"))).toBe(
      "Not validated: Cannot list the tunnels: Cloudflare failed with HTTP 500.",
    );
  });
});

describe("warningText()", () => {
  it.each<Finding>([
    { kind: "accepted" },
    { kind: "exists", maxPreviewValidations: 60 },
    { kind: "sameTimestamp" },
    { kind: "off" },
    { kind: "unknown", what: "accountId" },
    { kind: "noTunnel", tunnel: '"branch-1"', why: "its list shows no names of tunnels" },
  ])("returns nothing for %j", (finding) => {
    expect(warningText(finding)).toBeUndefined();
  });

  it("says how to configure credentials", () => {
    expect(warningText({ kind: "noCredentials" })).toBe(
      'Not validated: no Cloudflare credentials are configured. `pulumi up` will fail without them. Run `pulumi config set --secret cloudflare:apiToken`, or set CLOUDFLARE_API_TOKEN, to an API token with the permission "Magic WAN Write" or "Magic Transit Write".',
    );
  });

  it.each([
    ["tunnel", "Not validated."],
    ["account", "Not validated, and neither is any other tunnel of this account."],
    ["credentials", "Not validated, and neither is any other tunnel with these credentials."],
  ] as const)("says which tunnels a failure leaves open, and quotes it: %s", (reach, text) => {
    expect(warningText(inconclusive(reach))).toBe(`${text}\n${failure.message}`);
  });
});

describe("planText()", () => {
  const textOf = (plan: Plan) => planText(plan, () => false);
  const router = "Your router keeps using the old key until you deploy the new one.";

  it("says that a key will be generated, with every reason", () => {
    const plan: Plan = {
      kind: "generate",
      reasons: [
        { kind: "triggerChanged", trigger: "quarter", from: "2026-Q3", to: "2026-Q4" },
        { kind: "triggerUnknown", trigger: "ticket" },
      ],
    };

    expect(textOf(plan)).toBe(
      `A new key will be generated, active immediately: rotationTriggers.quarter changed from "2026-Q3" to "2026-Q4"; rotationTriggers.ticket is known only after up.\n${router}`,
    );
  });

  it("says that a key may be generated if every reason is unknown", () => {
    expect(textOf({ kind: "generate", reasons: [{ kind: "triggerUnknown" }] })).toBe(
      `A new key may be generated, active immediately: rotationTriggers is known only after up.\n${router}`,
    );
  });

  it("says of a tunnel that no list shows that its key is kept if it is the same tunnel", () => {
    expect(textOf({ kind: "find" })).toBe(
      "The program names the tunnel differently, and no list shows that name yet. If up finds the same tunnel, its key is verified and kept; if not, up fails and generates nothing.",
    );
  });

  it("hides secret values", () => {
    const plan: Plan = { kind: "generate", reasons: [{ kind: "triggerAdded", trigger: "ticket", to: FAKE_KEY }] };

    expect(planText(plan, () => true)).toContain("rotationTriggers.ticket was added.");
    expect(planText(plan, () => true)).not.toContain(FAKE_KEY);
  });

  it("says that the existing key will be taken over, without quoting it", () => {
    expect(textOf({ kind: "takeOver", key: { psk: FAKE_KEY, lastGeneratedOn: GENERATED_ON } })).toBe(
      `The existing key will be taken over, generated at ${GENERATED_ON}. Nothing is generated.`,
    );
  });

  it.each<unknown>([UNKNOWN, { psk: UNKNOWN, lastGeneratedOn: GENERATED_ON }])(
    "says that an unknown existing key will be taken over: %j",
    (key) => {
      expect(textOf({ kind: "takeOver", key: key as ExistingKey })).toBe(
        "The existing key may be taken over: existingKey is known only after up. Nothing is generated.",
      );
    },
  );

  it("explains an update without a reason", () => {
    expect(textOf({ kind: "keep" })).toBe(
      "The key will be verified, and replaced only if it is no longer active: the last update failed, or Cloudflare has just shown another key.",
    );
  });

  it("explains an update of a resource that comes from the native provider", () => {
    expect(planText({ kind: "keep" }, () => false, true)).toBe(
      "The key will be verified, and replaced only if it is no longer active: the native provider wrote the state of this resource.",
    );
  });
});

describe("activeKeyText()", () => {
  it("says that the active key will be replaced, and how to keep it", () => {
    expect(activeKeyText({ accountId: ACCOUNT, ipsecTunnelId: TUNNEL }, GENERATED_ON)).toBe(
      `Tunnel ${TUNNEL} already has a key, generated at ${GENERATED_ON}, which up will replace. If this resource is being replaced (--replace, a taint, replaceOnChanges), that is what a replacement does. If it is new, you can keep the key: set existingKey, or an alias if the resource was renamed.`,
    );
  });
});
