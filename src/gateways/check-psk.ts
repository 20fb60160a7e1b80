import { IpsecTunnelPskError } from "../errors";
import { CLOUD_VPN_NAMES, type CloudVpn, isCloudVpn, mistakesFor, remedyFor, titleOf } from "../psk/cloud-vpns";
import { type Dialect, DIALECT_NAMES, DIALECTS, isDialect } from "./dialects";
import { keyRules } from "./key-rules";
import { mistakesIn } from "./rules";

/** What takes a key: a VPN service of a cloud, or a device, by its dialect. */
export type Consumer = CloudVpn | Dialect;

/**
 * Lets a key pass that the consumer accepts, unchanged. Call it before the consumer sees the key.
 *
 * @throws {IpsecTunnelPskError} `ERR_UNSUITABLE_PSK`, which names the consumer, every rule that the key breaks and what
 *   to do instead, and nothing of the key.
 * @example
 * ```ts
 * import { checkPsk, IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";
 *
 * const key = new IpsecTunnelPsk("branch-1", { accountId, ipsecTunnelId });
 * const tunnel1PresharedKey = key.psk.apply((psk) => checkPsk(psk, "aws"));
 * ```
 */
export function checkPsk(psk: string, consumer: Consumer): string {
  const { title, mistakes, remedy } = judge(psk, consumer);
  if (mistakes.length === 0) return psk;
  throw new IpsecTunnelPskError("ERR_UNSUITABLE_PSK", {
    what: `Cannot use this key for ${title} as ${mistakes.join("; ")}`,
    remedy,
  });
}

interface Judgement {
  readonly title: string;
  readonly mistakes: readonly string[];
  readonly remedy: string;
}

function judge(psk: string, consumer: Consumer): Judgement {
  if (isDialect(consumer)) return byDialect(psk, consumer);
  if (isCloudVpn(consumer)) return byCloud(psk, consumer);
  // Callers may be plain JavaScript.
  const known = [...CLOUD_VPN_NAMES, ...DIALECT_NAMES].join(", ");
  return { title: "this consumer", mistakes: [`consumer must be one of ${known}`], remedy: "Name one of them." };
}

function byDialect(psk: string, dialect: Dialect): Judgement {
  const { title, unquotable } = DIALECTS[dialect];
  const remedy = "Generate another key: change a rotation trigger.";
  return { title, mistakes: mistakesIn(keyRules(psk, unquotable)), remedy };
}

function byCloud(psk: unknown, cloud: CloudVpn): Judgement {
  // Callers may be plain JavaScript, and a regular expression takes anything for text.
  const mistakes = typeof psk === "string" ? mistakesFor(psk, cloud) : ["psk must be text, out of its Output by apply"];
  return { title: titleOf(cloud), mistakes, remedy: remedyFor(cloud) };
}
