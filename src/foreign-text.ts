/* eslint-disable no-control-regex -- Control characters are what these find. */

// What a terminal acts on: CSI (colors, cursor), then OSC, DCS, SOS, PM and APC with their texts, then other sequences.
const TERMINAL_SEQUENCES = [
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?/g,
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)/g,
  /\u001b[ -/]*[0-~]?/g,
] as const;

/* eslint-enable no-control-regex */

const LINE_BREAKS = /[\t\n\v\f\r\u0085\p{Zl}\p{Zp}]+/gu;

// Controls, and what is invisible: marks that reverse the text, zero-width characters, tags.
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;

/**
 * Returns a text that we did not write as one line: well-formed Unicode, without terminal sequences, control characters and
 * invisible characters. Line breaks are blanks.
 */
export function oneLine(text: string): string {
  const visible = TERMINAL_SEQUENCES.reduce((rest, sequence) => rest.replace(sequence, ""), text.toWellFormed());
  return visible.replace(LINE_BREAKS, " ").replace(INVISIBLE, "").trim();
}

/** Cuts a text to a length, in UTF-16 units; "…" stands for the rest. Never cuts a character in half. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const kept = text.slice(0, maxLength - 1);
  return `${kept.isWellFormed() ? kept : kept.slice(0, -1)}…`;
}

// gRPC never delivers trailers of more than 64 KB. A message may be in them three times, with up to 9 bytes for a character.
const MOST_DELIVERED = 3_000;

/** Returns a message as gRPC can deliver it, whatever it consists of: well-formed Unicode, of bounded length. */
export function deliverable(message: string): string {
  return shorten(message.toWellFormed(), MOST_DELIVERED);
}
