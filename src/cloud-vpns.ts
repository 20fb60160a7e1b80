/**
 * A cloud's VPN service that a tunnel can end at.
 *
 * @useDeclaredType
 */
export type CloudVpn = keyof typeof CLOUD_VPNS;

/** What a key must match, and the end of "psk must …". */
type Rule = readonly [pattern: RegExp, rule: string];

interface Service {
  /** Its name, as its vendor writes it. */
  readonly title: string;
  /** What its vendor documents; nothing is guessed. */
  readonly rules: readonly Rule[];
  /** The share of the keys that it accepts, of those that Cloudflare is assumed to generate (43 characters of base64url). */
  readonly share: number;
  /** What to do about a key that it does not accept. */
  readonly remedy: string;
}

const GENERATE_ANOTHER = "Generate another key: change a rotation trigger.";

const CLOUD_VPNS = {
  /** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html */
  aws: {
    title: "AWS Site-to-Site VPN",
    share: 0.51,
    rules: [
      [/^.{8,64}$/su, "have 8 to 64 characters"],
      [/^[A-Za-z0-9._]*$/, "have only the letters A to Z and a to z, digits, periods and underscores"],
      [/^(?!0)/, "not start with 0"],
    ],
    remedy: 'Set compatibleWith: ["aws"] on the IpsecTunnelPsk, which regenerates the key until it is compatible.',
  },
  /** @see https://learn.microsoft.com/en-us/azure/vpn-gateway/vpn-gateway-vpn-faq */
  azure: {
    title: "Azure VPN Gateway",
    share: 0.52,
    rules: [
      [/^.{1,128}$/su, "have 1 to 128 characters"],
      [/^[!-~]*$/, "have only printable ASCII characters, and no space"],
      [/^[^~-]*$/, "not have a hyphen or a tilde"],
    ],
    remedy: 'Set compatibleWith: ["azure"] on the IpsecTunnelPsk, which regenerates the key until it is compatible.',
  },
  /** No characters are documented. @see https://cloud.google.com/network-connectivity/docs/vpn/how-to/generating-pre-shared-key */
  gcp: {
    title: "Google Cloud VPN",
    share: 1,
    rules: [[/./su, "not be empty"]],
    remedy: GENERATE_ANOTHER,
  },
  /** @see https://docs.oracle.com/en-us/iaas/tools/dotnet/latest/api/Oci.CoreService.Models.UpdateIPSecConnectionTunnelSharedSecretDetails.html */
  oci: {
    title: "OCI Site-to-Site VPN",
    share: 0.26,
    rules: [
      [/./su, "not be empty"],
      [/^[A-Za-z0-9 ]*$/, "have only the letters A to Z and a to z, digits and spaces"],
    ],
    remedy:
      "Give OCI's key, or one of yours, as psk of the IpsecTunnelPsk, because OCI accepts only about a quarter of the keys that " +
      "Cloudflare generates.",
  },
  /**
   * Its two documents differ in quotes and backslash: the stricter one counts.
   * @see https://www.alibabacloud.com/help/en/vpn/sub-product-ipsec-vpn/developer-reference/api-vpc-2016-04-28-createvpnconnection-vpns
   * @see https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/resources/vpn_connection
   */
  alibaba: {
    title: "Alibaba Cloud VPN Gateway",
    share: 1,
    rules: [
      [/^.{1,100}$/su, "have 1 to 100 characters"],
      [/^[!-~]*$/, "have only printable ASCII characters, and no space"],
      [/^[^"'\\]*$/, "not have a quote or a backslash"],
    ],
    remedy: GENERATE_ANOTHER,
  },
} as const satisfies Readonly<Record<string, Service>>;

export const CLOUD_VPN_NAMES: readonly string[] = Object.keys(CLOUD_VPNS);

export function isCloudVpn(value: unknown): value is CloudVpn {
  return typeof value === "string" && Object.hasOwn(CLOUD_VPNS, value);
}

/** The cloud VPNs that `compatibleWith` takes: they accept at least 40% of the keys that Cloudflare generates, but not all. */
export const COMPATIBLE_WITH = ["aws", "azure"] as const satisfies readonly CloudVpn[];

/** Returns the rules that a key breaks, "must …" each and never a part of the key; empty if the cloud VPN accepts it. */
export function brokenRules(psk: string, consumer: CloudVpn): string[] {
  const { rules }: Service = CLOUD_VPNS[consumer];
  return rules.filter(([pattern]) => !pattern.test(psk)).map(([, rule]) => `must ${rule}`);
}

/** Returns the name of a cloud VPN, as its vendor writes it. */
export function titleOf(consumer: CloudVpn): string {
  return CLOUD_VPNS[consumer].title;
}

/** Says what to do about a key that the cloud VPN does not accept. */
export function remedyFor(consumer: CloudVpn): string {
  return CLOUD_VPNS[consumer].remedy;
}

/** Says why `compatibleWith` rejects a cloud VPN; `undefined` if it does not, or if the value is not one. */
export function whyRejected(consumer: unknown): string | undefined {
  if (!isCloudVpn(consumer)) return undefined;
  const { title, share, remedy }: Service = CLOUD_VPNS[consumer];
  if (COMPATIBLE_WITH.some((taken) => taken === consumer)) return undefined;
  return share === 1 ? `${title} accepts every key that Cloudflare generates: leave it out` : `${title}: ${remedy}`;
}
