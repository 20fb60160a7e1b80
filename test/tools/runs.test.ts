import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { scripts } from "../../package.json";
import { ROOT } from "../support/build";

const SCRIPTS: Readonly<Record<string, string>> = scripts;
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** A command that runs the tests of one project, and those tests. */
interface Run {
  readonly command: string;
  readonly project: string;
  readonly tests: readonly string[];
}

/** Returns the projects whose tests a script of package.json runs. */
function projectsOf(script: string): string[] {
  const [, projects = ""] = /jest --selectProjects ([^-]+?) --/.exec(SCRIPTS[script] ?? "") ?? [];
  return projects.split(" ").filter((project) => project !== "");
}

/** Returns the projects of the scripts that a text calls by `npm test` and `npm run`. */
function projectsIn(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run )?(test(?::\w+)?)(?= |$)/gm)].flatMap(([, script = ""]) => projectsOf(script));
}

const selected = Object.keys(SCRIPTS).flatMap((script) => {
  const [project, ...others] = projectsOf(script);
  if (project === undefined || others.length > 0) return [];
  return [{ command: script === "test" ? "npm test" : `npm run ${script}`, project }];
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
  runs = await Promise.all(selected.map(async (each) => ({ ...each, tests: await testsOf(each.project) })));
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

  it("are all in `npm run test:all` and in .ci/run, each once", () => {
    const all = runs.map(({ project }) => project).sort();
    const inCi = [...read(".ci/run").matchAll(/^run_tests (.+)$/gm)].map(([, command]) => command).join("\n");

    expect(projectsIn(SCRIPTS["test:all"] ?? "").sort()).toEqual(all);
    expect(projectsIn(inCi).sort()).toEqual(all);
  });

  it("are in test/README.md", () => {
    const readme = read("test/README.md");

    expect(runs.filter(({ command }) => !new RegExp(`^\\| \`${command}\` +\\|`, "m").test(readme))).toEqual([]);
  });
});

describe("the workflows", () => {
  const [checks, weekly, release] = ["checks", "weekly", "release"].map((name) =>
    read(`.github/workflows/${name}.yml`),
  );

  it("run on each push what .ci/run runs, in jobs of their own", () => {
    const linux = (checks ?? "").replace(/^ {2}(?:macos|windows):\n(?: {3,}.*\n|\n)+/gm, "");
    const inCi = [...read(".ci/run").matchAll(/^ *check npm run --silent (.+)$/gm)].map(([, command = ""]) => command);

    expect(projectsIn(linux).sort()).toEqual(runs.map(({ project }) => project).sort());
    expect(inCi).toContain("coverage");
    expect(inCi.filter((command) => !new RegExp(`- (?:run: )?npm run ${command}\n`).test(linux))).toEqual([]);
  });

  it("run .ci/run once a week, and what only then runs, as test/README.md and CONTRIBUTING.md say", () => {
    const [, list = ""] = /\n## What runs only once a week\n(.+?)\n## /s.exec(read("test/README.md")) ?? [];
    const sometimes = [...list.matchAll(/^- `(npm run test:[\w-]+)`:/gm)].map(([, command = ""]) => command);

    expect(weekly).toContain("run: .ci/run\n");
    expect(sometimes).toContain("npm run test:long");
    expect(sometimes.filter((command) => weekly?.includes(`run: ${command}\n`) !== true)).toEqual([]);
    expect(sometimes.filter((command) => !read("CONTRIBUTING.md").includes(`\`${command}\``))).toEqual([]);
  });

  it("publish nothing before a maintainer approves", () => {
    const jobs = (release ?? "").split(/^ {2}(?=\w+:\n)/m);
    const publishing = jobs.filter((job) => /: write|secrets\.|npm publish|gh release/.test(job.replace(/ *#.*/g, "")));

    expect(publishing.map((job) => job.split(":")[0])).toEqual(["npm", "github"]);
    expect(publishing[0]).toContain("\n    environment: release\n");
    expect(publishing[1]).toContain("\n    needs: npm\n");
  });

  it("name scripts that package.json has", () => {
    const names = [checks, weekly, release].flatMap((text = "") =>
      [...text.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map(([, name = ""]) => name),
    );

    expect(names).toContain("release");
    expect(names.filter((name) => !Object.hasOwn(SCRIPTS, name))).toEqual([]);
  });
});

describe("test/README.md", () => {
  const readme = read("test/README.md");

  it("links to files that exist", () => {
    const targets = [...readme.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target = ""]) => join(ROOT, "test", target));

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
