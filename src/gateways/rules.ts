import type { Mistake } from "../errors";
import type { GatewayTunnel } from "./gateway-tunnel";

/** A mistake, unless it holds. */
export interface Rule extends Mistake {
  readonly holds: boolean;
  /** Other fields that it reads: it is judged only if all of them are known. */
  readonly dependsOn: readonly string[];
}

/**
 * Makes a rule of a field and what that must be: `rule("name", isShort(name), "must be short, because …")`.
 *
 * @param dependsOn - Other fields that it reads, if one that is not known yet would break it.
 */
export function rule(
  field: keyof GatewayTunnel,
  holds: boolean,
  demand: string,
  dependsOn: readonly (keyof GatewayTunnel)[] = [],
): Rule {
  return { field, holds, message: `${field} ${demand}`, dependsOn };
}

/**
 * Returns the rules that do not hold.
 *
 * @param open - Fields that are not known yet: no rule that reads one is judged.
 */
export function mistakesIn(rules: readonly Rule[], open: readonly string[] = []): Mistake[] {
  return rules
    .filter(({ holds, field, dependsOn }) => !holds && ![field, ...dependsOn].some((name) => open.includes(name)))
    .map(({ field, message }) => ({ field, message }));
}
