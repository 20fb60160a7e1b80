/** A text with one thing changed; fails rather than leave it as it is. */
export function altered(text: string, from: string | RegExp, to: () => string): string {
  const result = text.replace(from, to);
  if (result === text) throw new Error("There is nothing to alter");
  return result;
}
