const CLAIMED = "claimed by ";

/** Takes the place of a tunnel's id that another resource of the program manages already. */
export function claimedBy(owner: string): string {
  return CLAIMED + owner;
}

/** The resource that {@link claimedBy} names; `undefined` for any other value. */
export function ownerIn(value: unknown): string | undefined {
  return typeof value === "string" && value.startsWith(CLAIMED) ? value.slice(CLAIMED.length) : undefined;
}
