import { ciscoIosXe } from "./cisco-ios-xe";
import { fortios } from "./fortios";
import { junos } from "./junos";
import { panos } from "./panos";
import type { Renderer } from "./renderer";
import { strongswan } from "./strongswan";
import { valueSheet } from "./value-sheet";
import { vyos } from "./vyos";

export const DIALECTS = { strongswan, vyos, ciscoIosXe, junos, fortios, panos, markdown: valueSheet } satisfies Record<
  string,
  Renderer
>;

/** A router's configuration language, or `markdown`: a sheet of values for everything that is clicked by hand. */
export type Dialect = keyof typeof DIALECTS;

export const DIALECT_NAMES: readonly string[] = Object.keys(DIALECTS);

export function isDialect(value: string): value is Dialect {
  return Object.hasOwn(DIALECTS, value);
}
