import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { scripts } from "../../package.json";
import { ROOT } from "../support/build";

const SCRIPTS: Readonly<Record<string, string>> = scripts;
const RUNS = Object.entries(SCRIPTS).flatMap(([script, command]) => {
  const [, run] = /jest --selectProjects (\S+)/.exec(command) ?? [];
  return run === undefined ? [] : [{ script, run }];
});

const npmRun = (script: string) => (script === "test" ? "npm test" : `npm run ${script}`);

/** Asks jest, in a process of its own, for the tests of one run. */
async function testsOf(run: string): Promise<string[]> {
  const jest = [require.resolve("jest/bin/jest"), "--listTests", "--selectProjects", run];
  const { stdout } = await promisify(execFile)(process.execPath, jest, { cwd: ROOT });
  const files = stdout.split("\n").filter((line) => line.endsWith(".test.ts"));
  return files.map((file) => relative(ROOT, file));
}

describe("the commands that run tests", () => {
  it("have each test once", async () => {
    const tests = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => join("test", file));

    const run = await Promise.all(RUNS.map((each) => testsOf(each.run)));

    expect(run.flat().sort()).toEqual(tests.sort());
    expect(run.filter((files) => files.length === 0)).toEqual([]);
  });

  it("are all in `npm run test:all` and in .ci/run", () => {
    const ci = readFileSync(join(ROOT, ".ci/run"), "utf8");

    for (const { script } of RUNS) {
      expect(SCRIPTS["test:all"]).toContain(`${npmRun(script)} &&`);
      expect(ci).toMatch(new RegExp(`^run_tests ${npmRun(script)}$`, "m"));
    }
  });
});
