/** Returns the properties that have a value, for types whose optional properties are left out rather than `undefined`. */
export function given<T extends object>(properties: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const entries = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}
