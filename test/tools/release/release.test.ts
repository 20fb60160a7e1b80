import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const TSX = resolve("node_modules/.bin/tsx");
const MAIN = resolve("tools/release/main.ts");

// Ignores the developer's own settings, such as signed commits.
const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  ACTIONS_ID_TOKEN_REQUEST_URL: "",
  SIGSTORE_ID_TOKEN: "",
};

let parent: string;
let folder: string;
let home: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "ipsec-psk-release-"));
  folder = join(parent, "clone");
  home = join(parent, "home.git");
  mkdirSync(folder);
  git("init", "--quiet", "--initial-branch", "main");
  git("init", "--quiet", "--bare", home);
  write("CHANGELOG.md", "# Changelog\n\n## 1.2.3 (2026-12-01)\n\n- Add this: because of that.\n");
  describePackage({ repository: { type: "git", url: `git+file://${home}` } });
});

afterEach(() => {
  rmSync(parent, { recursive: true });
});

function git(...args: string[]): void {
  const identity = ["-c", "user.name=Example", "-c", "user.email=example@example.com"];
  const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: folder, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
}

function write(file: string, text: string): void {
  writeFileSync(join(folder, file), text);
}

function describePackage(fields: object): void {
  write("package.json", JSON.stringify({ name: "fake-package", version: "1.2.3", ...fields }));
}

function commit(): void {
  git("add", "--all");
  git("commit", "--quiet", "--message", "Add fake files");
}

function release() {
  const { status, stdout, stderr } = spawnSync(TSX, [MAIN], { cwd: folder, env, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("npm run release", () => {
  it("prints what to run in CI if the folder is ready", () => {
    commit();

    const { status, stdout, stderr } = release();

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("fake-package 1.2.3 is ready for release");
  });

  it.each([
    ["no repository", {}],
    ["a repository without a URL", { repository: { type: "git" } }],
    ["a repository shorthand", { repository: "github:example/fake-package" }],
  ])("refuses a package.json with %s", (_what, fields) => {
    describePackage(fields);
    commit();

    expect(release()).toEqual({
      status: 1,
      stdout: "",
      stderr: expect.stringContaining(
        "Cannot release fake-package 1.2.3: 1 problem.\n  - package.json has no repository URL",
      ) as string,
    });
  });

  it("refuses a file that no commit has", () => {
    commit();
    write("new.ts", "");

    expect(release()).toMatchObject({ status: 1, stderr: expect.stringContaining("?? new.ts") as string });
  });

  it.each([
    ["a tag", ["tag", "v1.2.3"]],
    ["an annotated tag", ["tag", "--annotate", "--message", "1.2.3", "v1.2.3"]],
  ])("accepts %s of this commit, in this clone and in the repository, which starts the release", (_what, tag) => {
    commit();
    git(...tag);
    git("push", "--quiet", home, "v1.2.3");

    expect(release()).toMatchObject({ status: 0, stderr: "" });
  });

  it.each([
    ["this clone has", () => undefined],
    [
      "only the repository has",
      () => {
        git("push", "--quiet", home, "v1.2.3");
        git("tag", "--delete", "v1.2.3");
      },
    ],
  ])("refuses a tag of another commit that %s", (_where, move) => {
    commit();
    git("tag", "v1.2.3");
    move();
    write("new.ts", "");
    commit();

    expect(release()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("The tag v1.2.3 is on another commit") as string,
    });
  });

  it("fails if the repository does not respond", () => {
    describePackage({ repository: { type: "git", url: `git+file://${parent}/nowhere.git` } });
    commit();

    const { status, stderr } = release();

    expect(status).toBe(1);
    expect(stderr).toContain("Cannot check whether this folder is ready for release");
  });
});
