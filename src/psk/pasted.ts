/** A trace that copying leaves on a value, and how to describe it. Nothing is trimmed, because only the user knows the value. */
type Trace = readonly [pattern: RegExp, flaw: string];

const TRACES: readonly Trace[] = [
  [/^\uFEFF/, "it starts with a byte order mark"],
  [/\S[\r\n]+$/, "it ends with a line break"],
  [/^\s|\s$/, "it starts or ends with white space"],
  [/^(?:".*"|'.*'|`.*`|[“”„].*[“”]|[‘’‚].*[‘’]|«.*»)$/su, "it has quotes around it"],
  [/\p{Cc}/u, "it has a control character in it"],
  [/\p{Cf}/u, "it has an invisible character in it"],
  [/(?! )\s/, "it has white space in it that is not a plain space"],
  // U+FFFD replaces what cannot be decoded in a file that was read in the wrong encoding.
  [/[\p{Surrogate}\p{Noncharacter_Code_Point}\uFFFD]/u, "it has something in it that is not a character"],
];

// No key that Cloudflare generates looks like these.
const TRACES_ON_KEYS: readonly Trace[] = [
  [/^:?\s*["']?psk["']?\s*(?:[:=]|["'])/i, 'it has "psk" in front of it'],
  [/^(?:export\s+)?[\w.-]*(?:secret|key|psk)["']?(?:\s*[:=]\s*[^\s=]|\s+["'])/i, "it has its name in front of it"],
  [/^(?:pre-shared-key|pre-shared-secret|psksecret|secret)\s+\S/i, "it has its name in front of it"],
  [/^(?:".*"|'.*')[,;]$/su, "it has quotes around it, and a comma or semicolon after them"],
  [/^\\["'].*\\["']$|&(?:quot|apos|#\d+);/su, "it has escaped quotes around it"],
  [/\\[nr]$/, "it ends with an escaped line break"],
  // Four characters at a time: no key of 32 or 43 characters has this form by chance.
  [/^0s(?:[\w+/]{4}){2,}(?:[\w+/]{3}=|[\w+/]{2}==)?$/, 'it is in Base64 as strongSwan has it, with "0s" in front'],
  [/^(?:undefined|null|NaN|\[object Object\]|Calling \[)/, "it is what a program prints in place of a value"],
  [/^(?:\[secret\]|[*•]+)$/, "it is a placeholder for a hidden secret"],
];

/** Describes what copying has left on a value, "it …" and never a part of the value; `undefined` if there is nothing. */
export function flawOf(text: string): string | undefined {
  return TRACES.find(([pattern]) => pattern.test(text))?.[1];
}

/** Does the same as {@link flawOf} for a pre-shared key. A plain space inside is one of its characters. */
export function keyFlawOf(text: string): string | undefined {
  return [...TRACES_ON_KEYS, ...TRACES].find(([pattern]) => pattern.test(text))?.[1];
}
