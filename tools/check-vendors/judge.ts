import type { Finding } from "./finding";
import type { Mutation } from "./mutations";
import type { Text } from "./texts";

/** What a grammar says of a dialect's texts, and which mistakes it finds in them. */
export interface Verdict {
  readonly texts: number;
  readonly lines: number;
  /** File, line, and what the grammar says. */
  readonly violations: readonly string[];
  /** Words that only later versions than the grammar's have. */
  readonly beyond: readonly string[];
  readonly caught: number;
  /** Mistakes that the grammar must find, and does not. */
  readonly survivors: readonly string[];
  readonly outOfReach: readonly string[];
  /** Mistakes that the grammar finds, although it is said not to. */
  readonly reached: readonly string[];
}

/**
 * Checks all texts, and tries the mutations.
 *
 * @param mutations - Mistakes that must be found. Each is put into the first text that has its words.
 * @param outOfReach - Mistakes that the grammar cannot find.
 */
export function judge(
  texts: readonly Text[],
  check: (text: Text) => readonly Finding[],
  mutations: readonly Mutation[],
  outOfReach: readonly Mutation[],
): Verdict {
  const findings = texts.flatMap((text) => check(text).map((finding) => ({ ...finding, file: text.file })));
  const isCaught = (mutation: Mutation) => {
    const [text, altered] = mutated(texts, mutation);
    return check(altered).length > check(text).length;
  };
  const survivors = mutations.filter((mutation) => !isCaught(mutation));
  const written = ({ from, to }: Mutation) => `${from} -> ${to}`;
  return {
    texts: texts.length,
    lines: texts.reduce((sum, { text }) => sum + text.trimEnd().split("\n").length, 0),
    violations: findings.filter(({ isBeyond }) => !isBeyond).map(({ file, line, says }) => `${file}:${line}: ${says}`),
    beyond: [...new Set(findings.filter(({ isBeyond }) => isBeyond).map(({ says }) => says))].sort(),
    caught: mutations.length - survivors.length,
    survivors: survivors.map(written),
    outOfReach: outOfReach.map(written),
    reached: outOfReach.filter(isCaught).map(written),
  };
}

/** Returns the first text that has the mutation's words in a command, before and after it. */
function mutated(texts: readonly Text[], { from, to }: Mutation): [Text, Text] {
  const command = new RegExp(`^(?!#)(.*)${from.replace(/[.*+?^$()[\]{}|\\]/g, "\\$&")}`, "m");
  const text = texts.find((one) => command.test(one.text));
  if (text === undefined) throw new Error(`Cannot try a mutation: no text has "${from}"`);
  return [text, { ...text, text: text.text.replace(command, (_line, before: string) => `${before}${to}`) }];
}
