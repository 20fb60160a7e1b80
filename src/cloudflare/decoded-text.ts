/** One UTF-16 unit of a decoded text, and where the text that it stands for begins and ends. */
export interface Unit {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Undoes the escapes of JSON, URLs and HTML in a text, as often as they were applied, in any mixture. Backslashes stay. */
export function decode(text: string): readonly Unit[] {
  let units: readonly Unit[] = Array.from({ length: text.length }, (_, start) => ({
    value: text.charAt(start),
    start,
    end: start + 1,
  }));
  for (;;) {
    const decoded = decodeOnce(units);
    // Every escape is longer than what it stands for.
    if (decoded.length === units.length) return units;
    units = decoded;
  }
}

// What has a name among the printable characters of ASCII: https://html.spec.whatwg.org/multipage/named-characters.html
const NAMES: Readonly<Record<string, string>> = {
  nbsp: " ",
  excl: "!",
  quot: '"',
  num: "#",
  dollar: "$",
  percnt: "%",
  amp: "&",
  apos: "'",
  lpar: "(",
  rpar: ")",
  ast: "*",
  midast: "*",
  plus: "+",
  comma: ",",
  period: ".",
  sol: "/",
  colon: ":",
  semi: ";",
  lt: "<",
  equals: "=",
  gt: ">",
  quest: "?",
  commat: "@",
  lsqb: "[",
  lbrack: "[",
  bsol: "\\",
  rsqb: "]",
  rbrack: "]",
  hat: "^",
  lowbar: "_",
  underbar: "_",
  grave: "`",
  diacriticalgrave: "`",
  lcub: "{",
  lbrace: "{",
  verbar: "|",
  vert: "|",
  verticalline: "|",
  rcub: "}",
  rbrace: "}",
};

const BYTE = "%(?:25)*";
const FOLLOWING = `${BYTE}[89ab][0-9a-f]`;
const ESCAPES = new RegExp(
  [
    String.raw`\\+u(?<unit>[0-9a-f]{4})`,
    String.raw`\\+x(?<latin>[0-9a-f]{2})`,
    // UTF-8: https://www.rfc-editor.org/rfc/rfc3629#section-3
    `(?<bytes>${BYTE}[0-7][0-9a-f]|${BYTE}[cd][0-9a-f]${FOLLOWING}|${BYTE}e[0-9a-f](?:${FOLLOWING}){2}|${BYTE}f[0-7](?:${FOLLOWING}){3})`,
    "&(?:amp;)*#0*(?<decimal>[1-9][0-9]{0,6});?",
    "&(?:amp;)*#x0*(?<hex>[1-9a-f][0-9a-f]{0,5});?",
    `&(?:amp;)*(?<name>${Object.keys(NAMES).join("|")});`,
  ].join("|"),
  "gi",
);

function decodeOnce(units: readonly Unit[]): readonly Unit[] {
  const text = units.map(({ value }) => value).join("");
  const decoded: Unit[] = [];
  let at = 0;
  for (const match of text.matchAll(ESCAPES)) {
    const value = meaningOf(match.groups ?? {});
    if (value === undefined) continue;
    const end = match.index + match[0].length;
    decoded.push(...units.slice(at, match.index));
    const range = { start: units[match.index]?.start ?? 0, end: units[end - 1]?.end ?? 0 };
    for (let index = 0; index < value.length; index++) decoded.push({ value: value.charAt(index), ...range });
    at = end;
  }
  return decoded.concat(units.slice(at));
}

function meaningOf(groups: Readonly<Record<string, string | undefined>>): string | undefined {
  const { unit, latin, bytes, decimal, hex, name } = groups;
  if (unit !== undefined || latin !== undefined) return String.fromCharCode(Number.parseInt(unit ?? latin ?? "", 16));
  if (bytes !== undefined) return Buffer.from(bytes.replace(/%(?:25(?=(?:25)*[0-9a-f]{2}))*/gi, ""), "hex").toString();
  if (name !== undefined) return NAMES[name.toLowerCase()];
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
