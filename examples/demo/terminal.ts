import { stripVTControlCharacters } from "node:util";

/** What the demo says, and the sum of what it checked. */
export interface Terminal {
  /** A numbered step of the story. */
  readonly step: (title: string) => void;
  readonly say: (text: string) => void;
  /** Output of the engine, as it comes. */
  readonly engine: (text: string) => void;
  /** States a fact, and remembers whether it is one. */
  readonly check: (fact: string, holds: boolean) => void;
  /** Facts that turned out not to hold. */
  readonly failures: readonly string[];
}

export function createTerminal(out: NodeJS.WriteStream): Terminal {
  const paint = (code: number, text: string) => (out.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);
  const failures: string[] = [];
  let steps = 0;
  let rest = "";

  const write = (line: string) => out.write(`${line}\n`);
  return {
    failures,
    step(title) {
      steps += 1;
      write(`\n${paint(1, `${steps}. ${title}`)}`);
    },
    say: write,
    engine(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.filter(hasText).forEach((line) => write(`   ${paint(2, "|")} ${line}`));
    },
    check(fact, holds) {
      if (!holds) failures.push(fact);
      write(`   ${holds ? paint(32, "ok") : paint(31, "NOT SO")}: ${fact}`);
    },
  };
}

// In a terminal the engine ends paragraphs with a line that only resets the colour.
function hasText(line: string): boolean {
  return stripVTControlCharacters(line).trim() !== "";
}
