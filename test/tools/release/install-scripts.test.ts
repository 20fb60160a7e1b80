import packageJson from "../../../package.json";
import { installScriptsIn } from "../../../tools/release/install-scripts";

describe("installScriptsIn()", () => {
  it.each(["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"])(
    "finds %s, which npm runs or warns of when someone installs the package",
    (name) => {
      expect(installScriptsIn({ scripts: { build: "tsc", [name]: "tsc" } })).toEqual([name]);
    },
  );

  it("accepts what npm runs only for those who work on the package", () => {
    expect(installScriptsIn({ scripts: { dependencies: "tsc", prepack: "tsc", prepublishOnly: "tsc" } })).toEqual([]);
    expect(installScriptsIn({})).toEqual([]);
  });

  it("finds none in this package", () => {
    expect(installScriptsIn(packageJson)).toEqual([]);
  });
});
