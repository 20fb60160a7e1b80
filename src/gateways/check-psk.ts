import { type ErrorDetails, IpsecTunnelPskError, type Mistake } from "../errors";
import { CLOUD_VPN_NAMES, type CloudVpn, isCloudVpn, mistakesFor, remedyFor, titleOf } from "../psk/cloud-vpns";
import { type Dialect, DIALECT_NAMES, DIALECTS, isDialect } from "./dialects";
import { keyRules } from "./key-rules";
import { mistakesIn } from "./rules";
import { counted } from "./text";

/** What takes a key: a VPN service of a cloud, or a device, by its dialect. */
export type Consumer = CloudVpn | Dialect;

/**
 * Returns a key that the consumer accepts, unchanged. Call it before the consumer sees the key.
 *
 * @throws {IpsecTunnelPskError} `ERR_UNSUITABLE_PSK`, which names the consumer, every rule that the key breaks (one line
 *   each, also in `details.mistakes`) and what to do instead, and nothing of the key.
 * @example
 * ```ts
 * import { checkPsk, IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";
 *
 * const key = new IpsecTunnelPsk("branch-1", { accountId, ipsecTunnelId });
 * const tunnel1PresharedKey = key.psk.apply((psk) => checkPsk(psk, "aws"));
 * ```
 */
export function checkPsk(psk: string, consumer: Consumer): string {
  const { what, mistakes, remedy } = judge(psk, consumer);
  if (mistakes.length === 0) return psk;
  throw new IpsecTunnelPskError("ERR_UNSUITABLE_PSK", { what, mistakes, remedy });
}

type Judgement = Required<Pick<ErrorDetails, "what" | "mistakes" | "remedy">>;

function judge(psk: string, consumer: Consumer): Judgement {
  if (isDialect(consumer)) return byDialect(psk, consumer);
  if (isCloudVpn(consumer)) return byCloud(psk, consumer);
  // Callers may be plain JavaScript.
  const message = `consumer must be one of ${[...CLOUD_VPN_NAMES, ...DIALECT_NAMES].join(", ")}`;
  const mistakes = [{ field: "consumer", message }];
  return { what: "Cannot check this key: the consumer is unknown", mistakes, remedy: "Name one of them." };
}

function byDialect(psk: string, dialect: Dialect): Judgement {
  const { title, refusedKeys } = DIALECTS[dialect];
  const mistakes = mistakesIn(keyRules(psk, refusedKeys));
  return { what: refusal(title, mistakes), mistakes, remedy: "Generate another key: change a rotation trigger." };
}

function byCloud(psk: unknown, cloud: CloudVpn): Judgement {
  // Callers may be plain JavaScript, and a regular expression takes anything for text.
  const messages = typeof psk === "string" ? mistakesFor(psk, cloud) : ["psk must be text: use its Output in apply"];
  const mistakes = messages.map((message) => ({ field: "psk", message }));
  return { what: refusal(titleOf(cloud), mistakes), mistakes, remedy: remedyFor(cloud) };
}

function refusal(title: string, mistakes: readonly Mistake[]): string {
  return `Cannot use this key for ${title}: it breaks ${counted(mistakes.length, "rule")}`;
}
