import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../support/build";

describe("npm run docs:api", () => {
  it("has no warning", () => {
    const typedoc = join(ROOT, "node_modules/typedoc/bin/typedoc");

    const run = () => execFileSync(process.execPath, [typedoc, "--emit", "none"], { cwd: ROOT, encoding: "utf8" });

    expect(run).not.toThrow();
  });
});
