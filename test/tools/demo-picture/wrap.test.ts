import { type Line, textOf } from "../../../tools/demo-picture/styled-lines";
import { wrap } from "../../../tools/demo-picture/wrap";

const plain = (text: string): Line => [{ text, style: {} }];
const rowsOf = (text: string, width: number) => wrap(plain(text), width).map(textOf);

describe("wrap()", () => {
  it("does not change a line that fits", () => {
    expect(wrap(plain("x".repeat(20)), 20)).toEqual([plain("x".repeat(20))]);
  });

  it("breaks after spaces, and marks each continued row", () => {
    expect(rowsOf("one two three four five six seven", 20)).toEqual([
      "one two three four ",
      "     ↳ five six ",
      "     ↳ seven",
    ]);
  });

  it("breaks a word that is too long", () => {
    expect(rowsOf(`    ${"x".repeat(20)}`, 20)).toEqual([`    ${"x".repeat(16)}`, "     ↳ xxxx"]);
  });

  it("never splits a character", () => {
    expect(rowsOf("🔑".repeat(21), 20)).toEqual(["🔑".repeat(20), "     ↳ 🔑"]);
  });

  it("keeps styles on both sides of a break", () => {
    const [bold, dim] = [{ bold: true }, { dim: true }];

    expect(
      wrap(
        [
          { text: "bold", style: bold },
          { text: " dimmer still dim", style: dim },
        ],
        19,
      ),
    ).toEqual([
      [
        { text: "bold", style: bold },
        { text: " dimmer still ", style: dim },
      ],
      [
        { text: "     ↳ ", style: { dim: true } },
        { text: "dim", style: dim },
      ],
    ]);
  });
});
