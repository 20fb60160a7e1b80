import { ciscoIosXe } from "./cisco-ios-xe";
import type { DialectDefinition } from "./dialect";
import { fortios } from "./fortios";
import { junos } from "./junos";
import { markdown } from "./markdown";
import { panos } from "./panos";
import { strongswan } from "./strongswan";
import { vyos } from "./vyos";

export const DIALECTS = { strongswan, vyos, ciscoIosXe, junos, fortios, panos, markdown } satisfies Record<
  string,
  DialectDefinition
>;

/**
 * A router's configuration language, or `markdown`: a sheet of values for a router that is configured by hand.
 *
 * @useDeclaredType
 */
export type Dialect = keyof typeof DIALECTS;

export const DIALECT_NAMES: readonly string[] = Object.keys(DIALECTS);

export function isDialect(value: string): value is Dialect {
  return Object.hasOwn(DIALECTS, value);
}
