import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingPackageText } from "../../src/program/missing-package";

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "ipsec-psk-project-"));
});

afterEach(() => {
  rmSync(project, { recursive: true });
});

describe("missingPackageText()", () => {
  it("names the folder, what will fail, and what to do", () => {
    expect(missingPackageText(project)?.replace(project, "<folder>")).toMatchInlineSnapshot(
      `"\`pulumi up\` will fail with "Cannot find module 'pulumi-cloudflare-ipsec-psk/provider'": Pulumi's provider process looks for this package in the Pulumi project, and it is not installed in <folder> or above. Run \`npm install pulumi-cloudflare-ipsec-psk\` there, even if the program is a bundle. (If \`main\` in the project's settings names another folder, run it in that one.)"`,
    );
  });

  it("returns `undefined` if the package is installed in the folder, or above", () => {
    const installed = join(project, "node_modules/pulumi-cloudflare-ipsec-psk");
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, "provider.js"), "");

    expect([project, join(project, "programs/branches")].map(missingPackageText)).toEqual([undefined, undefined]);
  });
});
