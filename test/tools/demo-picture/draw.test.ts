import { draw, WIDTH } from "../../../tools/demo-picture/draw";
import { styledLines } from "../../../tools/demo-picture/styled-lines";
import { readSvg } from "./read-svg";

const HOSTILE = `<&"'> ]]> </text> <!-- &amp; \u0000\u0008\ufffe\ud800`;

describe("draw()", () => {
  it("returns well-formed XML that shows title, rows and caption unchanged", () => {
    const svg = draw({ title: "npm run demo", rows: styledLines("one\n  two  2"), caption: "the end" });

    expect(readSvg(svg)).toEqual({ isWellFormed: true, rows: ["$ npm run demo", "one", "  two  2", "the end"] });
  });

  it("escapes hostile text, and replaces characters that XML cannot contain", () => {
    const svg = draw({ title: HOSTILE, rows: styledLines(HOSTILE), caption: HOSTILE });
    const shown = `<&"'> ]]> </text> <!-- &amp; \ufffd\ufffd\ufffd\ufffd`;

    expect(readSvg(svg)).toEqual({ isWellFormed: true, rows: [`$ ${shown}`, shown, shown] });
  });

  it("applies styles to spans", () => {
    const svg = draw({ title: "", rows: styledLines("\u001b[1m\u001b[38;5;13mbold\u001b[0m plain"), caption: "" });

    expect(svg).toContain(`<tspan class="b c13">bold</tspan> plain</text>`);
  });

  it("continues a line that is too wide in the next row, after a mark", () => {
    const svg = draw({ title: "", rows: styledLines("x".repeat(WIDTH + 1)), caption: "the end" });

    expect(readSvg(svg).rows).toEqual(["$ ", "x".repeat(WIDTH), "     ↳ x", "the end"]);
  });

  it("marks omitted lines", () => {
    const svg = draw({ title: "", rows: ["omitted", ...styledLines("after")], caption: "the end" });

    expect(readSvg(svg).rows).toEqual(["$ ", "   ⋮", "after", "the end"]);
  });

  it("has the height that its rows require", () => {
    const height = (rows: number) =>
      Number(/ height="(\d+)"/.exec(draw({ title: "", rows: styledLines("x\n".repeat(rows)), caption: "" }))?.[1]);

    expect(height(20) - height(10)).toBe(10 * (height(1) - height(0)));
    expect(height(1)).toBeGreaterThan(height(0));
  });
});

describe("readSvg()", () => {
  const inSvg = (content: string) => `<?xml version="1.0" encoding="utf-8"?><svg>${content}</svg>\n`;

  it("reports well-formed XML", () => {
    expect(readSvg(inSvg('<text x="1">a &lt;&amp;&gt; "b"</text>')).isWellFormed).toBe(true);
  });

  it.each(["a & b", "a < b", "<text>", "</text>", "<text x=1>a</text>", "<text><tspan>a</text></tspan>"])(
    "does not report %s as well-formed",
    (content) => {
      expect(readSvg(inSvg(content)).isWellFormed).toBe(false);
    },
  );
});
