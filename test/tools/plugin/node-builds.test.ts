import { builds, version } from "../../../tools/plugin/node-builds.json";
import { refuseOther } from "../../../tools/plugin/node-builds";
import { hostPlatform, PLATFORMS } from "../../../tools/plugin/platforms";
import { readPage } from "../../docs/markdown";

describe("node-builds.json", () => {
  it("pins one version of Node.js, with a checksum for each platform", () => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Object.keys(builds)).toEqual([...PLATFORMS]);
    for (const { integrity } of Object.values(builds)) expect(integrity).toMatch(/^sha512-[\w+/]{86}==$/);
  });
});

describe("docs/where-it-runs.md", () => {
  it("names the Node.js in the plugin", () => {
    expect(readPage("docs/where-it-runs.md").text).toContain(`contain Node.js ${version}.`);
  });
});

describe("refuseOther()", () => {
  const integrity = "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==";

  it("accepts the content that the checksum is of", () => {
    expect(() => {
      refuseOther(Buffer.from("abc"), integrity, "node@1.0.0");
    }).not.toThrow();
  });

  it("refuses any other, by name", () => {
    expect(() => {
      refuseOther(Buffer.from("abd"), integrity, "node@1.0.0");
    }).toThrow(/^Cannot use node@1\.0\.0: its checksum is sha512-.*, instead of sha512-3a81/);
  });
});

describe("hostPlatform()", () => {
  it.each([
    ["linux", "x64", "linux-amd64"],
    ["darwin", "arm64", "darwin-arm64"],
    ["win32", "x64", "windows-amd64"],
  ] as const)("calls %s on %s %s", (platform, arch, name) => {
    expect(hostPlatform({ platform, arch })).toBe(name);
  });

  it("refuses a platform without Node.js for it", () => {
    expect(() => hostPlatform({ platform: "freebsd", arch: "x64" })).toThrow(
      "Cannot build a self-contained plugin on freebsd-amd64: it is not one of linux-amd64,",
    );
  });
});
