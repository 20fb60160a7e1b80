import type { CoverageMapData } from "istanbul-lib-coverage";
import { shortfalls, sumOf } from "../../../tools/coverage/sum";

const at = (line: number) => ({ start: { line, column: 0 }, end: { line, column: 9 } });

/** Makes the coverage of a file of two statements and one function. */
function run(first: number, second: number): CoverageMapData {
  const file = {
    path: "/src/fake.ts",
    statementMap: { 0: at(1), 1: at(2) },
    fnMap: { 0: { name: "fake", decl: at(1), loc: at(1), line: 1 } },
    branchMap: {},
    s: { 0: first, 1: second },
    f: { 0: first },
    b: {},
  };
  return { [file.path]: file };
}

describe("sumOf()", () => {
  it("counts a statement that one of the runs has run", () => {
    expect(sumOf([run(1, 0)])).toMatchObject({ statements: 50, functions: 100 });
    expect(sumOf([run(0, 3)])).toMatchObject({ statements: 50, functions: 0 });
    expect(sumOf([run(1, 0), run(0, 3)])).toMatchObject({ statements: 100, functions: 100 });
  });
});

describe("shortfalls()", () => {
  const threshold = { statements: 96, branches: 94, functions: 94, lines: 97 };

  it("is empty at the threshold", () => {
    expect(shortfalls(threshold, threshold)).toEqual([]);
  });

  it("names each kind that is below it", () => {
    expect(shortfalls({ ...threshold, branches: 93.99 }, threshold)).toEqual([
      "branches are covered to 93.99%, and must be to 94%",
    ]);
  });
});
