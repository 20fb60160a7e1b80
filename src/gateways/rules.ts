/** Whether a rule holds, and the rule in words: "<field> must …". It never quotes a value, which may be the key. */
export type Rule = readonly [holds: boolean, rule: string];

/** The rules that do not hold, in words. */
export function mistakesIn(rules: readonly Rule[]): string[] {
  return rules.filter(([holds]) => !holds).map(([, rule]) => rule);
}

/** The field that a rule in words is about. */
export function fieldOf(rule: string): string {
  return rule.slice(0, rule.indexOf(" "));
}

// Callers may be plain JavaScript: what is missing or has another type is a mistake that `tunnelRules` names, once.

export function isLonger(value: unknown, most: number): boolean {
  return typeof value === "string" && value.length > most;
}

export function isAbove(value: unknown, most: number): boolean {
  return typeof value === "number" && value > most;
}
