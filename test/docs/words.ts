import ts from "typescript";

/** A word that this project does not use. */
export interface Word {
  readonly name: string;
  /** What to write instead. */
  readonly instead: string;
  readonly pattern: RegExp;
}

// A phrase may be wrapped, behind the star or the slashes of a comment's next line.
const GAP = "[\\s*/#]+";

export const WORDS: readonly Word[] = [
  word("in force", "active"),
  word("anew", "again, or generate a new key"),
  word("mend", "fix", "mend(?:s|ed|ing)?"),
  word("straggler", "late request", "stragglers?"),
  word("far end", "router", "far(?:-| )ends?"),
  word("time stamp", "timestamp", "time(?:-| )stamp(?:s|ed)?"),
  word("time-out", "timeout", "time(?:-| )outs?"),
  word("blotted", "redacted"),
  word("somebody", "someone else, or the actor"),
  word("nobody", "the actor, or the passive voice"),
  word("whoever", "the actor"),
  {
    name: "British spelling",
    instead: "the American one",
    pattern:
      /\b(?:licences?|artefacts?|(?:neighb|col|behavi|fav|hon)ours?|centres?|catalogues?|grey|judgements?|misspelt|towards|whilst|(?:un)?labell(?:ed|ing)|modell(?:ed|ing)|(?:organ|recogn|serial|normal|author|optim|summar|initial)is(?:e[ds]?|ing|ation)|analyse[ds]?)\b/gi,
  },
  { name: "space before %", instead: "51%", pattern: /\d %/g },
  // An error starts with it. In prose, "cannot be used as a key" is plain English.
  { name: "Cannot … as", instead: "Cannot <verb> <object>: <reason>", pattern: /\bCannot\b(?:(?!\n\n)[^.:])*?\bas\b/g },
];

function word(name: string, instead: string, pattern = name): Word {
  return { name, instead, pattern: new RegExp(`\\b${pattern.replaceAll(" ", GAP)}\\b`, "gi") };
}

/** A piece of text, and where it starts. */
export interface Piece {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** Returns a line for each use: "src/a.ts:12: in force (say: active)". */
export function usesIn({ path, line, text }: Piece): string[] {
  const lineAt = (index: number) => line + text.slice(0, index).split("\n").length - 1;
  return WORDS.flatMap(({ name, instead, pattern }) =>
    [...text.matchAll(pattern)].map(({ index }) => `${path}:${lineAt(index)}: ${name} (say: ${instead})`),
  );
}

/** Returns the comments and the string literals of a TypeScript file; a template has "…" for each expression. */
export function proseOf(path: string, text: string): Piece[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const piece = (start: number, text: string): Piece => ({
    path,
    line: source.getLineAndCharacterOfPosition(start).line + 1,
    text,
  });
  const comments = commentsIn(source, text).map(({ pos, end }) => piece(pos, text.slice(pos, end)));
  const literals = literalsBelow(source).map((node) => piece(node.getStart(source), valueOf(node)));
  return [...comments, ...literals];
}

function commentsIn(source: ts.SourceFile, text: string): ts.TextRange[] {
  const found = new Map<number, ts.TextRange>();
  const visit = (node: ts.Node): void => {
    const [before, after] = [ts.getLeadingCommentRanges(text, node.pos), ts.getTrailingCommentRanges(text, node.end)];
    for (const range of [...(before ?? []), ...(after ?? [])]) found.set(range.pos, range);
    // Tokens too: a comment may stand before a closing brace.
    node.getChildren(source).forEach(visit);
  };
  visit(source);
  return [...found.values()];
}

type Literal = ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateExpression;

function literalsBelow(node: ts.Node): Literal[] {
  const own = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) ? [node] : [];
  const below: Literal[] = [];
  ts.forEachChild(node, (child) => void below.push(...literalsBelow(child)));
  return [...own, ...below];
}

function valueOf(node: Literal): string {
  if (!ts.isTemplateExpression(node)) return node.text;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("");
}
