/** A VPN service of a cloud that can end a tunnel. */
export type CloudVpn = keyof typeof CLOUD_VPNS;

/** What a key must match, and the end of "psk must …". */
type Rule = readonly [pattern: RegExp, rule: string];

interface Service {
  /** Its name, as its vendor writes it. */
  readonly title: string;
  /** What its vendor documents, and nothing that anybody guessed. */
  readonly rules: readonly Rule[];
  /** The share of the keys that Cloudflare is taken to generate (43 characters of base64url) that suits it. */
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
    remedy: 'Set compatibleWith: ["aws"] on the IpsecTunnelPsk, which generates until the key suits.',
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
    remedy: 'Set compatibleWith: ["azure"] on the IpsecTunnelPsk, which generates until the key suits.',
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
      "Let OCI make the key, for only about a quarter of those that Cloudflare generates suit, too few to generate until " +
      "one does. Set OCI's key on Cloudflare's tunnel: by psk of MagicWanIpsecTunnel, without an IpsecTunnelPsk; or by " +
      "POST …/ipsec_tunnels/psk, and an IpsecTunnelPsk can adopt it with the time stamp that Cloudflare then shows.",
  },
  /**
   * Where its two documents differ, in quotes and backslash, the stricter one counts.
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

/** Consumers that accept at least 40 % of the keys that Cloudflare generates, and not all: `compatibleWith` takes these. */
export const GENERATED_UNTIL_SUITS = ["aws", "azure"] as const satisfies readonly CloudVpn[];

/** The rules that a key breaks, "psk must …" each and never a part of the key; empty if it suits. */
export function mistakesFor(psk: string, consumer: CloudVpn): string[] {
  const { rules }: Service = CLOUD_VPNS[consumer];
  return rules.filter(([pattern]) => !pattern.test(psk)).map(([, rule]) => `psk must ${rule}`);
}

/** The consumer's name, as its vendor writes it. */
export function titleOf(consumer: CloudVpn): string {
  return CLOUD_VPNS[consumer].title;
}

/** What to do about a key that the consumer does not accept. */
export function remedyFor(consumer: CloudVpn): string {
  return CLOUD_VPNS[consumer].remedy;
}

/** Why `compatibleWith` does not take a consumer; `undefined` if it does, or if the value is none. */
export function whyNotGenerated(consumer: unknown): string | undefined {
  if (!isCloudVpn(consumer)) return undefined;
  const { title, share, remedy }: Service = CLOUD_VPNS[consumer];
  if (GENERATED_UNTIL_SUITS.some((taken) => taken === consumer)) return undefined;
  return share === 1 ? `${title} takes every key that Cloudflare generates: leave it out` : `${title}: ${remedy}`;
}
