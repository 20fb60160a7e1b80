import { only } from "./reading";

/** How a command line tells words apart. */
export interface WordGrammar {
  /** Characters that quote. */
  readonly quotes: string;
  /** Quotes inside which a backslash is an ordinary character. */
  readonly literal?: string;
  /** What starts a comment, at the start of a word or of a line. */
  readonly comment: { readonly sign: string; readonly at: "word" | "line" };
  /** Characters that have a meaning outside quotes, and those that have one everywhere. */
  readonly special?: string;
  readonly specialEverywhere?: string;
}

/** Splits one line into words; throws if the router would do anything but read them. */
function wordsOf(line: string, grammar: WordGrammar): string[] {
  const { quotes, literal = "", comment, special = "", specialEverywhere = "" } = grammar;
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < line.length; at += 1) {
    const sign = line.charAt(at);
    if (sign < " " || sign > "~") throw new Error("Not printable ASCII");
    if (specialEverywhere.includes(sign)) throw new Error(`${sign} is not text`);
    if (sign === "\\" && !(quote !== "" && literal.includes(quote))) {
      at += 1;
      word = (word ?? "") + line.charAt(at);
    } else if (quote !== "") {
      if (sign === quote) quote = "";
      else word = (word ?? "") + sign;
    } else if (quotes.includes(sign)) {
      quote = sign;
      word ??= "";
    } else if (sign === " ") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (sign === comment.sign && word === undefined && (comment.at === "word" || words.length === 0)) {
      return words;
    } else {
      if (special.includes(sign)) throw new Error(`${sign} is not text`);
      word = (word ?? "") + sign;
    }
  }
  if (quote !== "") throw new Error("A quote is open");
  return word === undefined ? words : [...words, word];
}

/** Splits every line of a text into words, without comments and empty lines. */
export function linesOf(text: string, grammar: WordGrammar): string[][] {
  return text
    .split(/\r\n|[\n\r]/)
    .map((line) => wordsOf(line, grammar))
    .filter((words) => words.length > 0);
}

/** Returns what follows a path of words, for each line that has it; `*` stands for any word. */
export function after(lines: readonly string[][], path: string): string[][] {
  const wanted = path.split(" ");
  return lines
    .filter((words) => wanted.every((word, index) => word === "*" || words[index] === word))
    .map((words) => words.slice(wanted.length));
}

/** Returns the one word that follows a path in the one line that has it. */
export function wordAfter(lines: readonly string[][], path: string): string {
  return only(only(after(lines, path), path), `word after ${path}`);
}

/** Does the same if there may be no such line. */
export function wordAfterIfAny(lines: readonly string[][], path: string): string | undefined {
  return after(lines, path).length === 0 ? undefined : wordAfter(lines, path);
}
