import { IpsecTunnelPskError } from "../errors";

/** Whether a rule holds, and the rule in words: "<field> must …". It never quotes a value, which may be the key. */
export type Rule = readonly [holds: boolean, rule: string];

/**
 * Lets nothing pass that breaks a rule, and names all broken rules at once.
 *
 * @param what - What cannot be rendered, for example "a VyOS configuration".
 * @throws {IpsecTunnelPskError} `ERR_INVALID_GATEWAY`
 */
export function enforce(what: string, rules: readonly Rule[]): void {
  const mistakes = rules.filter(([holds]) => !holds).map(([, rule]) => rule);
  if (mistakes.length === 0) return;
  throw new IpsecTunnelPskError("ERR_INVALID_GATEWAY", {
    what: `Cannot render ${what} as ${mistakes.join("; ")}`,
    remedy: "Correct the arguments of gatewayConfig.",
  });
}
