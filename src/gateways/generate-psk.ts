import { randomInt } from "node:crypto";
import { CLOUD_VPN_NAMES } from "../cloud-vpns";
import { IpsecTunnelPskError } from "../errors";
import { DIALECT_NAMES } from "./dialects";
import { type PskConsumer, judgePsk } from "./psk-problems";

/** What {@link generatePsk} generates. */
export interface GeneratePskOptions {
  /**
   * Characters: 22 (131 bits) or more.
   *
   * @default 48 (285 bits)
   */
  readonly length?: number;
  /**
   * Clouds and routers that must accept the key.
   *
   * @default all
   */
  readonly compatibleWith?: readonly PskConsumer[];
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ALPHANUMERIC = `${LETTERS}0123456789`;
const MIN_LENGTH = 22;

/**
 * Generates a key of letters and digits that starts with a letter, for scripts: every call returns another one. In a Pulumi program,
 * use `random.RandomPassword`, whose value stays the same.
 *
 * @param options - Its length, and who must accept it.
 * @returns The key.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_INPUT` if the length is too small, `ERR_UNSUITABLE_PSK` if a consumer does not accept
 *   keys of that length.
 * @example
 * ```ts
 * import { generatePsk } from "pulumi-cloudflare-ipsec-psk/gateways";
 *
 * const psk = generatePsk({ compatibleWith: ["aws", "oci"] });
 * ```
 */
export function generatePsk({ length = 48, compatibleWith = everyConsumer() }: GeneratePskOptions = {}): string {
  if (!Number.isInteger(length) || length < MIN_LENGTH) {
    throw new IpsecTunnelPskError("ERR_INVALID_INPUT", {
      summary: `Cannot generate a key: length must be a whole number, ${MIN_LENGTH} or more`,
      remedy: "Leave length out for 48 characters, which every cloud and router in the table accepts.",
    });
  }
  const psk = pick(LETTERS) + Array.from({ length: length - 1 }, () => pick(ALPHANUMERIC)).join("");
  for (const consumer of compatibleWith) {
    const { title, problems } = judgePsk(psk, consumer);
    if (problems.length === 0) continue;
    throw new IpsecTunnelPskError("ERR_UNSUITABLE_PSK", {
      summary: `Cannot generate a key of ${length} characters for ${title}: it breaks ${problems.length === 1 ? "1 rule" : `${problems.length} rules`}`,
      problems,
      remedy: "Change length, or leave it out for 48 characters, which every cloud and router in the table accepts.",
    });
  }
  return psk;
}

function everyConsumer(): readonly PskConsumer[] {
  return [...CLOUD_VPN_NAMES, ...DIALECT_NAMES] as PskConsumer[];
}

function pick(characters: string): string {
  return characters.charAt(randomInt(characters.length));
}
