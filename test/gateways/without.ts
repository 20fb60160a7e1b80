/** Copies an object without one of its fields. */
export function without<Whole extends object, Field extends keyof Whole>(
  whole: Whole,
  field: Field,
): Omit<Whole, Field> {
  const copy: Partial<Whole> = { ...whole };
  // A field that is `undefined` is another case than one that is missing.
  Reflect.deleteProperty(copy, field);
  return copy as Omit<Whole, Field>;
}
