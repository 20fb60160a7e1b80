import type { Finding } from "../../../tools/check-vendors/finding";
import { judge } from "../../../tools/check-vendors/judge";
import { FORTIOS_MUTATIONS, PANOS_MUTATIONS } from "../../../tools/check-vendors/mutations";
import type { Text } from "../../../tools/check-vendors/texts";

const TEXTS: readonly Text[] = [
  { file: "a.txt", text: "# good word\nset good word\n", version: undefined },
  { file: "b.txt", text: "set later word\n", version: undefined },
];
/** Knows only what is good, and what is later. */
const check = ({ text }: Text): Finding[] =>
  text.split("\n").flatMap((words, index) => {
    if (words === "" || words.startsWith("#") || words.includes("good")) return [];
    return [{ line: index + 1, says: words, isBeyond: words.includes("later") }];
  });

describe("judge()", () => {
  it("counts texts and lines, and lists what only later versions have", () => {
    expect(judge(TEXTS, check, [], [])).toMatchObject({
      ...{ texts: 2, lines: 3, violations: [], beyond: ["set later word"] },
    });
  });

  it("names file and line of a violation", () => {
    const wrong = { file: "c.txt", text: "# fine\nset bad word\n", version: undefined };

    expect(judge([...TEXTS, wrong], check, [], []).violations).toEqual(["c.txt:2: set bad word"]);
  });

  it("tells mutations that are found from those that are not, and puts none into a comment", () => {
    const caught = { from: "good word", to: "bad word" };
    const survivor = { from: "good word", to: "good words" };

    expect(judge(TEXTS, check, [caught, survivor], [])).toMatchObject({
      caught: 1,
      survivors: ["good word -> good words"],
    });
  });

  it("says which mutations are out of reach, and which are not although they are said to be", () => {
    const verdict = judge(
      TEXTS,
      check,
      [],
      [
        { from: "good word", to: "good words" },
        { from: "set good", to: "set bad" },
      ],
    );

    expect(verdict.outOfReach).toEqual(["good word -> good words", "set good -> set bad"]);
    expect(verdict.reached).toEqual(["set good -> set bad"]);
  });

  it("fails for a mutation of words that no text has", () => {
    expect(() => judge(TEXTS, check, [{ from: "no such", to: "words" }], [])).toThrow('no text has "no such"');
  });
});

describe("the mutations", () => {
  it("are 15 or more for each grammar, each once", () => {
    for (const mutations of [FORTIOS_MUTATIONS, PANOS_MUTATIONS]) {
      expect(mutations.length).toBeGreaterThanOrEqual(15);
      expect(new Set(mutations.map(({ from }) => from)).size).toBe(mutations.length);
    }
  });
});
