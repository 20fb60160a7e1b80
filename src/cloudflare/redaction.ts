import { oneLine } from "../foreign-text";
import { decode, type Unit } from "./decoded-text";

/** Returns a text in which no secret can be read. */
export type Redact = (text: string) => string;

// Shorter ones are parts of words: what is left of a text without them would show what they are.
const SHORTEST_IN_PLACE = 8;

const REDACTED = "[secret]";
const WITHHELD = "[not shown, because it may contain a secret]";

/**
 * Creates a function that takes secrets out of texts, however a server may have written them: in other case, escaped for JSON,
 * URLs or HTML, in hexadecimal, or in Base64, even within a longer Base64 text. A text that may contain a secret of fewer than
 * 8 characters is withheld as a whole.
 */
export function redactor(secrets: readonly string[]): Redact {
  // As they are, and as they are in a text that has become one line.
  const all = new Set(secrets.flatMap((secret) => [secret, oneLine(secret)]).filter((secret) => secret !== ""));
  const searches = [...all].map(searchFor);
  const short = searches.filter(({ secret }) => secret.length < SHORTEST_IN_PLACE);
  const long = searches.filter(({ secret }) => secret.length >= SHORTEST_IN_PLACE);
  return (text) => {
    const views = viewsOf(text);
    if (short.some(({ folded }) => views.some((view) => find(view.folded, folded).length > 0))) return WITHHELD;
    const ranges = long.flatMap((search) => views.flatMap((view) => rangesIn(view, search, text)));
    return without(text, ranges);
  };
}

/** What to search for, for one secret. */
interface Search {
  readonly secret: string;
  /** As it is in {@link View.folded}. */
  readonly folded: readonly string[];
  /** As they are in {@link View.base64}. */
  readonly base64: readonly string[];
}

function searchFor(secret: string): Search {
  const hex = Buffer.from(secret).toString("hex");
  const folded = [fold(unitsOf(secret)), fold(decode(secret)), fold(unitsOf(hex))].map(textOf);
  return { secret, folded: [...new Set(folded)].filter((one) => one !== ""), base64: base64Cores(secret) };
}

/**
 * Base64 has three forms of a text, by the number of bytes before it. Those of its characters that also depend on what is beside
 * the text are left out.
 */
function base64Cores(secret: string): string[] {
  return [0, 1, 2].map((bytesBefore) => {
    const bytes = Buffer.concat([Buffer.alloc(bytesBefore), Buffer.from(secret)]);
    return bytes.toString("base64").slice(Math.ceil((bytesBefore * 8) / 6), Math.floor((bytes.length * 8) / 6));
  });
}

/** One way to read a text. */
interface View {
  /** In one case, and with one kind of blank. */
  readonly folded: readonly Unit[];
  /** In one alphabet, and without blanks, because some encoders break lines. */
  readonly base64: readonly Unit[];
}

// Undone escapes may hide a secret that stands beside a character like "%": so the text is read as it is, too.
function viewsOf(text: string): View[] {
  return [unitsOf(text), decode(text)].map((units) => ({ folded: fold(units), base64: inOneAlphabet(units) }));
}

function unitsOf(text: string): readonly Unit[] {
  return Array.from({ length: text.length }, (_, start) => ({ value: text.charAt(start), start, end: start + 1 }));
}

// In upper case, some letters are two. In a form, "+" is a blank. In JSON, a backslash may be before a character, or twice.
function fold(units: readonly Unit[]): readonly Unit[] {
  return charactersIn(units).flatMap(({ value, ...range }) => {
    const folded = value === "+" ? " " : value === "\\" ? "" : value.toUpperCase().toLowerCase();
    return folded.split("").map((one) => ({ value: one, ...range }));
  });
}

function charactersIn(units: readonly Unit[]): Unit[] {
  const characters: Unit[] = [];
  for (const unit of units) {
    const last = characters.at(-1);
    const isSecondHalf =
      /[\udc00-\udfff]/.test(unit.value) && last !== undefined && /^[\ud800-\udbff]$/.test(last.value);
    if (isSecondHalf) characters.splice(-1, 1, { value: last.value + unit.value, start: last.start, end: unit.end });
    else characters.push(unit);
  }
  return characters;
}

function inOneAlphabet(units: readonly Unit[]): readonly Unit[] {
  return units
    .filter(({ value }) => value !== " ")
    .map(({ value, ...range }) => ({ value: value === "-" ? "+" : value === "_" ? "/" : value, ...range }));
}

function textOf(units: readonly Unit[]): string {
  return units.map(({ value }) => value).join("");
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function rangesIn({ folded, base64 }: View, search: Search, text: string): Range[] {
  const widen = ({ start, end }: Range): Range => ({
    start: start - (/[\w+/-]{0,3}$/.exec(text.slice(Math.max(0, start - 3), start))?.[0].length ?? 0),
    end: end + (/^[\w+/=-]{0,4}/.exec(text.slice(end, end + 4))?.[0].length ?? 0),
  });
  return [...find(folded, search.folded), ...find(base64, search.base64).map(widen)];
}

function find(units: readonly Unit[], texts: readonly string[]): Range[] {
  const all = textOf(units);
  return texts.flatMap((text) => {
    const ranges: Range[] = [];
    for (let at = all.indexOf(text); at !== -1; at = all.indexOf(text, at + 1)) {
      ranges.push({ start: units[at]?.start ?? 0, end: units[at + text.length - 1]?.end ?? 0 });
    }
    return ranges;
  });
}

function without(text: string, ranges: readonly Range[]): string {
  let rest = "";
  let at = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (start >= at) rest += text.slice(at, start) + REDACTED;
    at = Math.max(at, end);
  }
  return rest + text.slice(at);
}
