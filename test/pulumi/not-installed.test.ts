import { tmpdir } from "node:os";
import { join } from "node:path";
import { notInstalledText } from "../../src/pulumi/not-installed";
import { ROOT } from "../support/build";

describe("notInstalledText", () => {
  it.each([ROOT, join(ROOT, "examples/quick-start")])(
    "is silent where the package is found, or above: %s",
    (folder) => {
      expect(notInstalledText(folder)).toBeUndefined();
    },
  );

  it("names the folder, what is going to fail, and what to do", () => {
    expect(notInstalledText(tmpdir())).toMatchInlineSnapshot(
      `"up is going to fail with "Cannot find module 'pulumi-cloudflare-ipsec-psk/provider'": Pulumi's provider process looks for this package from the Pulumi project, and there is none in /tmp or above. Run \`npm install pulumi-cloudflare-ipsec-psk\` there, also if the program is a bundle. (If \`main\` in the project's settings names another folder, that one counts.)"`,
    );
  });
});
