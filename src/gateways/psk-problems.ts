import { brokenRules, CLOUD_VPN_NAMES, type CloudVpn, isCloudVpn, remedyFor, titleOf } from "../cloud-vpns";
import { type InputProblem, IpsecTunnelPskError, problemText } from "../errors";
import { keyRules, problemsIn } from "./dialect";
import { type Dialect, DIALECT_NAMES, DIALECTS, isDialect } from "./dialects";

/** The user of a key: a cloud's VPN service, or a router, by its dialect. */
export type PskConsumer = CloudVpn | Dialect;

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
export function pskProblems(psk: string, consumer: PskConsumer): string[] {
  return judgePsk(psk, consumer).problems.map(problemText);
}

/**
 * Returns a key that a consumer accepts, unchanged.
 *
 * @throws {IpsecTunnelPskError} `ERR_UNSUITABLE_PSK`, with every rule that the key breaks; it reveals nothing about the key.
 */
export function acceptedPsk(psk: string, consumer: PskConsumer): string {
  const { title, problems, remedy } = judgePsk(psk, consumer);
  if (problems.length === 0) return psk;
  throw new IpsecTunnelPskError("ERR_UNSUITABLE_PSK", {
    summary: `Cannot use this key for ${title}: it breaks ${problems.length === 1 ? "1 rule" : `${problems.length} rules`}`,
    problems,
    remedy,
  });
}

/** The rules of a consumer that a key breaks. */
export interface PskJudgment {
  /** The consumer: "AWS Site-to-Site VPN", "a VyOS configuration". */
  readonly title: string;
  /** Empty if the consumer accepts the key. */
  readonly problems: readonly InputProblem[];
  /** What to do if there are problems. */
  readonly remedy: string;
}

/** Checks a key against the rules of a consumer. */
export function judgePsk(psk: unknown, consumer: PskConsumer): PskJudgment {
  if (isDialect(consumer)) return byDialect(psk, consumer);
  if (isCloudVpn(consumer)) return byCloud(psk, consumer);
  // Callers may be plain JavaScript.
  const reason = `must be one of ${[...CLOUD_VPN_NAMES, ...DIALECT_NAMES].join(", ")}`;
  return { title: "an unknown consumer", problems: [{ property: "consumer", reason }], remedy: "Use one of them." };
}

function byDialect(psk: unknown, dialect: Dialect): PskJudgment {
  const { title, refusedKeys } = DIALECTS[dialect];
  const problems = problemsIn(keyRules(psk, refusedKeys));
  return { title, problems, remedy: "Generate another key: change a rotation trigger." };
}

function byCloud(psk: unknown, cloud: CloudVpn): PskJudgment {
  // Callers may be plain JavaScript, and a regular expression converts anything to text.
  const reasons = typeof psk === "string" ? brokenRules(psk, cloud) : ["must be a string"];
  const problems = reasons.map((reason) => ({ property: "psk", reason }));
  return { title: titleOf(cloud), problems, remedy: remedyFor(cloud) };
}
