/** `urn:pulumi:<stack>::<project>::<types of its parents>$<type>::<name>` */
function partsOf(urn: string): readonly string[] {
  return urn.split("::");
}

/** Returns the name in a URN. A name may contain colons. */
export function nameIn(urn: string): string {
  return partsOf(urn).slice(3).join("::");
}

/** Returns the type in a URN. */
export function typeIn(urn: string): string {
  return partsOf(urn)[2]?.split("$").at(-1) ?? "";
}

/** Returns the name of the project in a URN. */
export function projectIn(urn: string): string | undefined {
  return partsOf(urn)[1];
}
