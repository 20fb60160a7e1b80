import { countLine, describeBuild, describeDuration } from "../../../tools/pulumi-cli/build-progress";

describe("countLine()", () => {
  const none = { modules: 0, packages: 0 };

  it.each([
    ["go: downloading go.uber.org/atomic v1.11.0", { modules: 1, packages: 0 }],
    ["github.com/pulumi/pulumi/sdk/v3/go/common/version", { modules: 0, packages: 1 }],
    ["internal/cpu", { modules: 0, packages: 1 }],
  ])("counts %j", (line, counts) => {
    expect(countLine(none, line)).toEqual(counts);
  });

  it.each(["# example.com/broken", "go: example.com/x@v1.0.0: no such host", "./main.go:3:1: syntax error", ""])(
    "does not count %j",
    (line) => {
      expect(countLine(none, line)).toBe(none);
    },
  );
});

describe("describeBuild()", () => {
  it("says how many packages were compiled", () => {
    expect(describeBuild({ modules: 0, packages: 12 }, 15_000)).toBe(
      "Building the Pulumi CLI: 12 packages compiled after 15 s",
    );
  });

  it("says how many modules were downloaded, if any", () => {
    expect(describeBuild({ modules: 7, packages: 0 }, 75_400)).toBe(
      "Building the Pulumi CLI: 7 modules downloaded, 0 packages compiled after 1 min 15 s",
    );
  });
});

describe("describeDuration()", () => {
  it.each([
    [400, "0 s"],
    [59_400, "59 s"],
    [59_600, "1 min 0 s"],
    [241_000, "4 min 1 s"],
  ])("describes %d ms as %s", (ms, text) => {
    expect(describeDuration(ms)).toBe(text);
  });
});
