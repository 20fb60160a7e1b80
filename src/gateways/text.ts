/** A text of lines; a list inside adds none, one or more. */
export function text(parts: readonly (string | readonly string[])[]): string {
  return `${parts.flat().join("\n")}\n`;
}
