import { CLOUD_VPN_NAMES, type CloudVpn, isCloudVpn, mistakesFor, remedyFor, titleOf } from "../cloud-vpns";
import { IpsecTunnelPskError, type Mistake } from "../errors";
import { keyRules, mistakesIn } from "./dialect";
import { type Dialect, DIALECT_NAMES, DIALECTS, isDialect } from "./dialects";

/** The user of a key: a cloud's VPN service, or a router, by its dialect. */
export type Consumer = CloudVpn | Dialect;

/**
 * Checks a key against the rules of a consumer.
 *
 * @param psk - The key.
 * @param consumer - A cloud's VPN service, or a router by its dialect.
 * @returns The rules that the key breaks, one line each: "psk must …". They never quote the key. The list is empty if the consumer
 *   accepts it.
 * @example
 * ```ts
 * import { pskProblems } from "pulumi-cloudflare-ipsec-psk/gateways";
 *
 * console.log(pskProblems("fake-key", "aws"));
 * // ["psk must have only the letters A to Z and a to z, digits, periods and underscores"]
 * ```
 */
export function pskProblems(psk: string, consumer: Consumer): string[] {
  return judgePsk(psk, consumer).mistakes.map(({ message }) => message);
}

/**
 * Returns a key that a consumer accepts, unchanged.
 *
 * @throws {IpsecTunnelPskError} `ERR_UNSUITABLE_PSK`, with every rule that the key breaks; it reveals nothing about the key.
 */
export function acceptedPsk(psk: string, consumer: Consumer): string {
  const { title, mistakes, remedy } = judgePsk(psk, consumer);
  if (mistakes.length === 0) return psk;
  throw new IpsecTunnelPskError("ERR_UNSUITABLE_PSK", {
    summary: `Cannot use this key for ${title}: it breaks ${mistakes.length === 1 ? "1 rule" : `${mistakes.length} rules`}`,
    mistakes,
    remedy,
  });
}

/** The rules of a consumer that a key breaks. */
export interface PskJudgment {
  /** The consumer: "AWS Site-to-Site VPN", "a VyOS configuration". */
  readonly title: string;
  /** Empty if the consumer accepts the key. */
  readonly mistakes: readonly Mistake[];
  /** What to do if there are mistakes. */
  readonly remedy: string;
}

/** Checks a key against the rules of a consumer. */
export function judgePsk(psk: unknown, consumer: Consumer): PskJudgment {
  if (isDialect(consumer)) return byDialect(psk, consumer);
  if (isCloudVpn(consumer)) return byCloud(psk, consumer);
  // Callers may be plain JavaScript.
  const message = `consumer must be one of ${[...CLOUD_VPN_NAMES, ...DIALECT_NAMES].join(", ")}`;
  return { title: "an unknown consumer", mistakes: [{ field: "consumer", message }], remedy: "Use one of them." };
}

function byDialect(psk: unknown, dialect: Dialect): PskJudgment {
  const { title, refusedKeys } = DIALECTS[dialect];
  const mistakes = mistakesIn(keyRules(psk, refusedKeys));
  return { title, mistakes, remedy: "Generate another key: change a rotation trigger." };
}

function byCloud(psk: unknown, cloud: CloudVpn): PskJudgment {
  // Callers may be plain JavaScript, and a regular expression converts anything to text.
  const messages = typeof psk === "string" ? mistakesFor(psk, cloud) : ["psk must be a string"];
  const mistakes = messages.map((message) => ({ field: "psk", message }));
  return { title: titleOf(cloud), mistakes, remedy: remedyFor(cloud) };
}
