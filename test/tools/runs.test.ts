import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { scripts } from "../../package.json";
import { ROOT } from "../support/build";

const SCRIPTS: Readonly<Record<string, string>> = scripts;
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** A command that runs tests, and those tests. */
interface Run {
  readonly command: string;
  readonly tests: readonly string[];
}

const selected = Object.entries(SCRIPTS).flatMap(([script, command]) => {
  const [, project] = /jest --selectProjects (\S+)/.exec(command) ?? [];
  return project === undefined ? [] : [{ command: script === "test" ? "npm test" : `npm run ${script}`, project }];
});

/** Asks jest, in a process of its own, for the tests of one project. */
async function testsOf(project: string): Promise<string[]> {
  const args = [require.resolve("jest/bin/jest"), "--listTests", "--selectProjects", project];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  const files = stdout.split("\n").filter((line) => line.endsWith(".test.ts"));
  return files.map((file) => relative(ROOT, file));
}

let runs: readonly Run[];

beforeAll(async () => {
  runs = await Promise.all(selected.map(async ({ command, project }) => ({ command, tests: await testsOf(project) })));
});

/** Lists the tests of some commands that contain a text. */
function testsWith(text: string, where: (command: string) => boolean): string[] {
  const tests = runs.filter(({ command }) => where(command)).flatMap((run) => run.tests);
  // Not this one, which names the text.
  return tests.filter((test) => test !== "test/tools/runs.test.ts" && read(test).includes(text));
}

describe("the commands that run tests", () => {
  it("have each test once", () => {
    const tests = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => join("test", file));

    expect(runs.flatMap((run) => run.tests).sort()).toEqual(tests.sort());
    expect(runs.filter((run) => run.tests.length === 0)).toEqual([]);
  });

  it("need strongSwan only in `npm run test:routers`", () => {
    expect(testsWith("describeWithStrongswan(", (command) => command !== "npm run test:routers")).toEqual([]);
    expect(testsWith("describeWithStrongswan(", (command) => command === "npm run test:routers")).not.toEqual([]);
  });

  it("start the engine in one test of `npm test`, which must stay short", () => {
    expect(testsWith('support/engine"', (command) => command === "npm test")).toEqual(["test/life.test.ts"]);
  });

  it("are all in `npm run test:all`, in .ci/run and in test/README.md", () => {
    const [ci, readme] = [read(".ci/run"), read("test/README.md")];

    for (const { command } of runs) {
      expect(SCRIPTS["test:all"]).toContain(`${command} &&`);
      expect(ci).toMatch(new RegExp(`^run_tests ${command}$`, "m"));
      expect(readme).toMatch(new RegExp(`^\\| \`${command}\` +\\|`, "m"));
    }
  });
});

describe("test/README.md", () => {
  const readme = read("test/README.md");

  it("links to files that exist", () => {
    const targets = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => join(ROOT, "test", target));

    expect(targets.length).toBeGreaterThan(5);
    expect(targets.filter((target) => !existsSync(target))).toEqual([]);
  });

  it("names helpers that exist", () => {
    const sources = ["test/support", "test/e2e/interruption"].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => read(join(folder, file))),
    );
    const [, table = ""] = /\n## Use a helper\n(.+?)\n### /s.exec(readme) ?? [];
    const helpers = [...table.matchAll(/`(\w+)\(\)`/g)].map(([, name = ""]) => name);

    expect(helpers).toContain("startEngine");
    expect(
      helpers.filter(
        (helper) =>
          !sources.some(
            (source) =>
              source.includes(`export function ${helper}(`) || source.includes(`export async function ${helper}(`),
          ),
      ),
    ).toEqual([]);
  });
});
