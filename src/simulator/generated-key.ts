import type { Assumptions } from "./assumptions";

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Makes a key the way Cloudflare is assumed to make one; see {@link Assumptions.generatedKey}. */
export function generatedKey(form: Assumptions["generatedKey"], random: (size: number) => Buffer): string {
  const bytes = random(32);
  if (form === "base64url-43") return bytes.toString("base64url");

  // 32 digits in base 62 are 190.5 bits; 256 random bits leave a bias far too small to matter.
  let rest = BigInt(`0x${bytes.toString("hex")}`);
  return Array.from({ length: 32 }, () => {
    const digit = ALPHANUMERIC.charAt(Number(rest % 62n));
    rest /= 62n;
    return digit;
  }).join("");
}
