import { join } from "node:path";
import { cliRootOf } from "../../../tools/pulumi-cli/cli-root";

describe("cliRootOf()", () => {
  it("returns the folder above bin", () => {
    expect(cliRootOf(join("/opt", "pulumi", "bin", "pulumi"))).toEqual({ root: join("/opt", "pulumi") });
  });

  it("returns nothing for a CLI in another folder", () => {
    expect(cliRootOf(join("/opt", "pulumi", "pulumi"))).toEqual({});
  });
});
