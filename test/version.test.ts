import packageJson from "../package.json";
import { VERSION } from "../src/version";

describe("VERSION", () => {
  it("is the version of package.json", () => {
    expect(VERSION).toBe(packageJson.version);
  });
});
