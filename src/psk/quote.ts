import { shorten } from "../foreign-text";

// The longest text of a program that a message repeats.
const MOST_CHARACTERS = 500;

/** Quotes a text as JSON does, and also escapes what a terminal would act on or hide. A long text is cut. */
export function quote(text: string): string {
  return JSON.stringify(shorten(text, MOST_CHARACTERS)).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escape);
}

/** Names a key of a map below a property: `rotationTriggers.quarter`, or in brackets and quotes if that could be misread. */
export function pathOf(property: string, key: string): string {
  return isPlain(key) ? `${property}.${key}` : `${property}[${quote(key)}]`;
}

/** Names a property that the user chose: quoted if it could be misread. */
export function nameOf(property: string): string {
  return isPlain(property) ? property : quote(property);
}

function isPlain(name: string): boolean {
  return /^[\w-]+$/.test(name);
}

function escape(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
}
