import { styledLines } from "../../../tools/demo-picture/styled-lines";

describe("styledLines()", () => {
  it("keeps a style across the end of a line, until it is reset", () => {
    expect(styledLines("plain \u001b[1m\u001b[32mgreen\nstill\u001b[0m not\n")).toEqual([
      [
        { text: "plain ", style: {} },
        { text: "green", style: { bold: true, color: 2 } },
      ],
      [
        { text: "still", style: { bold: true, color: 2 } },
        { text: " not", style: {} },
      ],
      [],
    ]);
  });

  it.each([
    ["\u001b[mx", {}],
    ["\u001b[2mx", { dim: true }],
    ["\u001b[30mx", { color: 0 }],
    ["\u001b[37mx", { color: 7 }],
    ["\u001b[38;5;15mx", { color: 15 }],
  ])("reads %j", (output, style) => {
    expect(styledLines(output)).toEqual([[{ text: "x", style }]]);
  });

  it.each([
    "\u001b[2Kx",
    "\u001b]8;;https://example.com\u0007x",
    "\u001b[38;5;16mx",
    "\u001b[38;2;1;2;3mx",
    "\u001b[4mx",
  ])("throws for %j, which it cannot draw", (output) => {
    expect(() => styledLines(output)).toThrow(/^Cannot draw the (escape sequence in|style code) /);
  });
});
