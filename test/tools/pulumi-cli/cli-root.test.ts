import { join } from "node:path";
import { cliRootOf } from "../../../tools/pulumi-cli/cli-root";

describe("cliRootOf", () => {
  it("is the folder above bin", () => {
    expect(cliRootOf(join("/opt", "pulumi", "bin", "pulumi"))).toEqual({ root: join("/opt", "pulumi") });
  });

  it("is empty for a CLI in any other folder", () => {
    expect(cliRootOf(join("/opt", "pulumi", "pulumi"))).toEqual({});
  });
});
