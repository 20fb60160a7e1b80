/** Changes one thing in a text; throws if that leaves the text as it is. */
export function altered(text: string, from: string | RegExp, to: () => string): string {
  const result = text.replace(from, to);
  if (result === text) throw new Error("There is nothing to alter");
  return result;
}
