/** A text of lines; a list inside adds none, one or more. */
export function text(parts: readonly (string | readonly string[])[]): string {
  return `${parts.flat().join("\n")}\n`;
}

/** A number of things: "1 mistake", "2 mistakes". */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
