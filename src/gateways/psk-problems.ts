import { CLOUD_VPN_NAMES, type CloudVpn, isCloudVpn, mistakesFor, remedyFor, titleOf } from "../cloud-vpns";
import { IpsecTunnelPskError } from "../errors";
import { keyRules, mistakesIn } from "./dialect";
import { type Dialect, DIALECT_NAMES, DIALECTS, isDialect } from "./dialects";

/** What takes a key: a cloud's VPN service, or a router, by its dialect. */
export type Consumer = CloudVpn | Dialect;

/**
 * Lists the rules of a consumer that a key breaks.
 *
 * @returns One line for each, "psk must …", which reveals nothing about the key; empty if the consumer accepts it.
 * @example
 * ```ts
 * import { pskProblems } from "pulumi-cloudflare-ipsec-psk/gateways";
 *
 * console.log(pskProblems("fake-key", "aws"));
 * // ["psk must have only the letters A to Z and a to z, digits, periods and underscores"]
 * ```
 */
export function pskProblems(psk: string, consumer: Consumer): string[] {
  return [...judgePsk(psk, consumer).problems];
}

/**
 * Returns a key that a consumer accepts, unchanged.
 *
 * @throws {IpsecTunnelPskError} `ERR_UNSUITABLE_PSK`, with every rule that the key breaks; it reveals nothing about the key.
 */
export function acceptedPsk(psk: string, consumer: Consumer): string {
  const { title, problems, remedy } = judgePsk(psk, consumer);
  if (problems.length === 0) return psk;
  throw new IpsecTunnelPskError("ERR_UNSUITABLE_PSK", {
    summary: `Cannot use this key for ${title}: it breaks ${problems.length === 1 ? "1 rule" : `${problems.length} rules`}`,
    mistakes: problems.map((message) => ({ field: "psk", message })),
    remedy,
  });
}

/** What a consumer makes of a key. */
export interface PskJudgement {
  /** What would use the key: "AWS Site-to-Site VPN", "a VyOS configuration". */
  readonly title: string;
  readonly problems: readonly string[];
  /** What to do if there are problems. */
  readonly remedy: string;
}

export function judgePsk(psk: unknown, consumer: Consumer): PskJudgement {
  if (isDialect(consumer)) return byDialect(psk, consumer);
  if (isCloudVpn(consumer)) return byCloud(psk, consumer);
  // Callers may be plain JavaScript.
  const problem = `consumer must be one of ${[...CLOUD_VPN_NAMES, ...DIALECT_NAMES].join(", ")}`;
  return { title: "this consumer", problems: [problem], remedy: "Name one of them." };
}

function byDialect(psk: unknown, dialect: Dialect): PskJudgement {
  const { title, refusedKeys } = DIALECTS[dialect];
  const problems = mistakesIn(keyRules(psk, refusedKeys)).map(({ message }) => message);
  return { title, problems, remedy: "Generate another key: change a rotation trigger." };
}

function byCloud(psk: unknown, cloud: CloudVpn): PskJudgement {
  // Callers may be plain JavaScript, and a regular expression takes anything for text.
  const problems = typeof psk === "string" ? mistakesFor(psk, cloud) : ["psk must be a string"];
  return { title: titleOf(cloud), problems, remedy: remedyFor(cloud) };
}
