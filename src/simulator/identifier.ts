/** Tells whether a text is the ID of an account or a tunnel, in any case. */
export function isIdentifier(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text);
}

/**
 * Returns an ID as Cloudflare writes it: in lower case. Tests may write it in any case, because it is a number. Requests must have
 * lower case: whether the real API accepts another is not established, and refusing is the strict choice.
 */
export function canonical<Id>(id: Id): Id {
  // Callers may be plain JavaScript.
  return typeof id === "string" ? (id.toLowerCase() as Id) : id;
}
