/** What a device makes of a configuration. */
export interface Reading {
  readonly name: string;
  readonly psk: string;
  readonly identity: { readonly type: "fqdn" | "userFqdn" | "keyId"; readonly value: string };
}

/** The one value that a configuration must have. */
export function only<Value>(values: readonly Value[], what: string): Value {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0) throw new Error(`Expected one ${what}, not ${values.length}`);
  return value;
}
