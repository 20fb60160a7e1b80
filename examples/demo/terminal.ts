import { stripVTControlCharacters } from "node:util";

/** Prints the demo's story, and collects the results of its checks. */
export interface Terminal {
  /** Prints the title of the next step, with its number. */
  readonly step: (title: string) => void;
  /** Prints a text as it is. */
  readonly say: (text: string) => void;
  /** Prints output of the engine, in chunks of any size. */
  readonly engine: (text: string) => void;
  /** Prints whether a fact holds. */
  readonly check: (fact: string, holds: boolean) => void;
  /** Facts that did not hold. */
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
      write(`   ${holds ? paint(32, "ok") : paint(31, "FAILED")}: ${fact}`);
    },
  };
}

// In a terminal, the engine ends paragraphs with a line that only resets the color.
function hasText(line: string): boolean {
  return stripVTControlCharacters(line).trim() !== "";
}
