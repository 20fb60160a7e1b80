import type { InputProblem } from "../errors";
import { isOlder } from "./router-version";
import type { GatewayConfigFields, VerifiedTunnel } from "./tunnel";

/** One dialect: what it cannot express, and how it writes the rest. */
export interface DialectDefinition {
  /** What it renders: "a VyOS configuration". */
  readonly title: string;
  /** The routers that the text is for, unless it is for people. */
  readonly routers?: Routers;
  /** Keys that it cannot quote. */
  readonly refusedKeys: readonly RefusedKey[];
  /**
   * Its rules in addition to those of every dialect. They hold if a value is missing or has another type, unless the dialect
   * needs the field.
   */
  readonly rules: (tunnel: Partial<GatewayConfigFields>) => readonly Rule[];
  /** The whole text. */
  readonly render: (tunnel: VerifiedTunnel) => string;
}

/** A dialect's routers, and the first version that its text is for. */
export interface Routers {
  /** As in "because Junos has it from 23.4 on". */
  readonly name: string;
  /** The first version that understands the text, such as `7.0`. */
  readonly since: string;
}

/** A rule for one field: a problem, unless it holds. */
export interface Rule extends InputProblem {
  readonly holds: boolean;
  /** Other fields that the rule reads. It is checked only if all of them are known. */
  readonly dependsOn: readonly string[];
}

/**
 * Creates a rule for one field: `rule("name", isShort(name), "must be short, because …")`.
 *
 * @param dependsOn - Other fields that the rule reads, if it might not hold while one of them is unknown.
 */
export function rule(
  field: keyof GatewayConfigFields,
  holds: boolean,
  demand: string,
  dependsOn: readonly (keyof GatewayConfigFields)[] = [],
): Rule {
  return { property: field, reason: demand, holds, dependsOn };
}

/**
 * Returns the rules that do not hold.
 *
 * @param open - Fields that are not known yet. Rules that read one of them are not checked.
 */
export function problemsIn(rules: readonly Rule[], open: readonly string[] = []): InputProblem[] {
  return rules
    .filter(({ holds, property, dependsOn }) => !holds && ![property, ...dependsOn].some((name) => open.includes(name)))
    .map(({ property, reason }) => ({ property, reason }));
}

/** What a key must not match, and the end of "psk must …" with the reason. */
export type RefusedKey = readonly [pattern: RegExp, demand: string];

/**
 * Keys that cannot be typed or pasted anywhere. Nothing is escaped if the vendor does not document how its escapes are
 * read.
 */
export const UNTYPEABLE: readonly RefusedKey[] = [
  [/[^ -~]/, "be printable ASCII, because the vendor does not document how other characters are encoded"],
  [/^\s|\s$/, "not start or end with white space, because that is trimmed"],
];

/** Returns the rules for a key: it is a key, and matches no pattern that is refused. */
export function keyRules(psk: unknown, refused: readonly RefusedKey[]): Rule[] {
  if (typeof psk !== "string" || !/^\P{Surrogate}+$/su.test(psk)) {
    return [rule("psk", false, "must be the pre-shared key: a string of valid Unicode that is not empty")];
  }
  return refused.map(([pattern, demand]) => rule("psk", !pattern.test(psk), `must ${demand}`));
}

// Callers may be plain JavaScript, so a value may have any type. `tunnelRules` reports a value that is missing or has another
// type. `isLonger` and `isAbove`, which are for a dialect's own rules, ignore such a value, so that it is reported once.

export function optional(value: unknown, holds: (value: unknown) => boolean): boolean {
  return value === undefined || holds(value);
}

export function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === "string" && pattern.test(value);
}

export function isWhole(value: unknown, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
}

export function isLonger(value: unknown, most: number): boolean {
  return typeof value === "string" && value.length > most;
}

export function isAbove(value: unknown, most: number): boolean {
  return typeof value === "number" && value > most;
}

/** Returns the rule of a dialect that needs the address. If BGP needs it too, `tunnelRules` reports it. */
export function interfaceAddressRule(
  { interfaceAddress, customerAsn }: Partial<GatewayConfigFields>,
  router: string,
): Rule {
  return rule(
    "interfaceAddress",
    interfaceAddress !== undefined || customerAsn !== undefined,
    `must be given, because ${router} puts the router's address on the interface`,
  );
}

/** Returns the rule of a dialect that names both interfaces. The tunnel's own is named `start` and its number. */
export function ownInterfaceRule(
  { uplinkInterface, interfaceNumber = 1 }: Partial<GatewayConfigFields>,
  start: string,
): Rule {
  const own = `${start}${interfaceNumber}`.toLowerCase();
  return rule(
    "uplinkInterface",
    // Callers may be plain JavaScript.
    typeof uplinkInterface !== "string" || uplinkInterface.toLowerCase() !== own,
    "must not be the tunnel's own interface, because the tunnel itself leaves through the uplink",
    ["interfaceNumber"],
  );
}

/** Returns the rule that the named version understands the dialect's text at all. */
export function routersRule({ routerVersion }: Partial<GatewayConfigFields>, { name, since }: Routers): Rule {
  return rule(
    "routerVersion",
    !isOlder(routerVersion, since),
    `must be ${since} or later, because the text is for ${name} ${since}`,
  );
}

/**
 * Returns the rule that the named version has what a field asks for.
 *
 * @param since - The first version that has it. @default no version has it
 */
export function featureRule(
  tunnel: Partial<GatewayConfigFields>,
  field: "additionalKeyExchange" | "interfaceAddress6",
  reason: string,
  since?: string,
): Rule {
  const isMissing = since === undefined || isOlder(tunnel.routerVersion, since);
  return rule(
    field,
    typeof tunnel[field] !== "string" || !isMissing,
    `must be left out, because ${reason}`,
    since === undefined ? [] : ["routerVersion"],
  );
}

/**
 * Returns the rule of a dialect whose names end up in a swanctl.conf, in front of a brace.
 *
 * @see https://docs.strongswan.org/docs/latest/config/strongswanConf.html#_including_files
 */
export function includeRule({ name }: Partial<GatewayConfigFields>): Rule {
  return rule("name", name !== "include", "must not be include, because strongSwan reads what follows as a file name");
}

/** Joins lines to a text; a list inside stands for any number of lines. */
export function text(parts: readonly (string | readonly string[])[]): string {
  return `${parts.flat().join("\n")}\n`;
}

/** Counts things in words: "1 problem", "2 problems". */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
