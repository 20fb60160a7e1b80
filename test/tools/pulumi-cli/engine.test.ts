import { readEngine, readPin, readPinned } from "../../../tools/pulumi-cli/engine";
import { isOlder, oldestPulumi, parseVersion } from "../../../tools/pulumi-cli/versions";

const MODULE = "github.com/pulumi/pulumi/pkg/v3";

describe("readPin()", () => {
  it("reads the pinned version and the oldest Go version", () => {
    const text = "module x\n\ngo 1.25.11\n\nrequire (\n\tgithub.com/pulumi/pulumi/pkg/v3 v3.1.2 // indirect\n)\n";
    expect(readPin(text, MODULE)).toEqual({ version: "3.1.2", oldestGo: [1, 25, 11] });
  });

  it.each([
    ["without a go line", "require github.com/pulumi/pulumi/pkg/v3 v3.1.2\n"],
    ["without the module", "go 1.25.11\n\nrequire github.com/pulumi/pulumi/sdk/v3 v3.1.2\n"],
  ])("throws for a file %s", (_, text) => {
    expect(() => readPin(text, MODULE)).toThrow("Cannot read a pinned version");
  });
});

describe("readEngine()", () => {
  it("pins an engine that is not older than the oldest supported one", () => {
    const version = parseVersion(readEngine().version) ?? [0, 0, 0];
    expect(isOlder(version, oldestPulumi)).toBe(false);
  });
});

describe("readPinned()", () => {
  it("reads from the go.mod of this project, where the language host for YAML is pinned, too", () => {
    expect(readPinned("github.com/pulumi/pulumi-yaml").version).toMatch(/^1\.\d+\.\d+$/);
  });
});
