import { IpsecTunnelPskError } from "../errors";
import type { Inputs } from "./inputs";
import type { Secrecy } from "./reason-text";
import { hasUnknown } from "./sentinels";

/**
 * Checks that the keys of a program are still marked as secrets: they are when the arguments are checked, but a stack policy that
 * builds the properties again may drop the mark, and Pulumi would store the key in plain text.
 *
 * @param isSecret - What is marked in the arguments as Pulumi would store them.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_INPUT`
 */
export function requireMarks({ psk, existingKey }: Inputs, isSecret: Secrecy): void {
  const isPlain = (key: unknown) => key !== undefined && !hasUnknown(key);
  const unmarked = [
    ...(isPlain(psk) && !isSecret("psk") ? ["psk"] : []),
    ...(isPlain(existingKey?.psk) && !isSecret("existingKey", "psk") ? ["existingKey.psk"] : []),
  ];
  if (unmarked.length > 0) throw plainKey(unmarked);
}

/** Returns the error raised when a key has lost its mark. */
export function plainKey(properties: readonly string[]): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_INVALID_INPUT", {
    summary: `Cannot keep ${properties.join(" and ")} secret: the mark was removed after the arguments were checked, as by a stack policy that changes the properties`,
    remedy: "Let the policy change only what it is about, and keep the secrets of the other properties.",
  });
}
