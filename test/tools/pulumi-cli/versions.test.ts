import { isOlder, parseVersion, versionProblem } from "../../../tools/pulumi-cli/versions";
import type { Version } from "../../../tools/pulumi-cli/versions";

describe("parseVersion()", () => {
  it.each([
    ["v3.259.0\n", [3, 259, 0]],
    ["3.260.0-alpha.x1234", [3, 260, 0]],
    ["go version go1.26.8 linux/amd64", [1, 26, 8]],
    ["go version go1.27rc1 linux/amd64", [1, 27, 0]],
    ["command not found", undefined],
  ])("reads %j as %j", (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });
});

describe("isOlder()", () => {
  it.each<[Version, Version, boolean]>([
    [[3, 248, 0], [3, 248, 0], false],
    [[3, 247, 9], [3, 248, 0], true],
    [[3, 99, 0], [3, 248, 0], true],
    [[2, 999, 0], [3, 248, 0], true],
    [[4, 0, 0], [3, 248, 0], false],
    [[1, 25, 10], [1, 25, 11], true],
  ])("compares %j with %j by number", (version, than, older) => {
    expect(isOlder(version, than)).toBe(older);
  });
});

describe("versionProblem()", () => {
  it.each([
    ["v3.248.0", undefined],
    ["v3.999.1", undefined],
    ["v3.247.9", "version 3.247.9 is older than 3.248.0"],
    ["v4.0.0", "version 4.0.0 has another major version"],
    ["", '"pulumi version" printed no version: ""'],
  ])("checks %j", (output, problem) => {
    expect(versionProblem(output)).toBe(problem);
  });
});
