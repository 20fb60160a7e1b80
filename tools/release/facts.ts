import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The facts about a folder that a release depends on. */
export interface Facts {
  readonly name: string;
  readonly version: string;
  /** The URL in `repository` of package.json, for git. */
  readonly repositoryUrl?: string;
  readonly changelog: string;
  /** Lines of `git status`: files that differ from the commit. */
  readonly uncommitted: readonly string[];
  /** The commit that is checked out. */
  readonly commit: string;
  /** Tags of this clone and of the repository, because a clone in CI often has none. */
  readonly tags: readonly Tag[];
}

export interface Tag {
  readonly name: string;
  /** The commit that it names, even if it is annotated. */
  readonly commit: string;
}

/**
 * Reads the facts from a folder and its repository.
 *
 * @throws {Error} if package.json, CHANGELOG.md or git is missing, or the repository does not respond.
 */
export function readFacts(folder: string): Facts {
  const text = readFileSync(join(folder, "package.json"), "utf8");
  const { name, version, repository } = JSON.parse(text) as { name: string; version: string; repository?: unknown };
  const repositoryUrl = gitUrlOf(repository);
  const git = (...args: string[]) => linesOf(folder, args);
  return {
    name,
    version,
    ...(repositoryUrl !== undefined && { repositoryUrl }),
    changelog: readFileSync(join(folder, "CHANGELOG.md"), "utf8"),
    uncommitted: git("status", "--porcelain"),
    commit: git("rev-parse", "HEAD").join(""),
    tags: [".", ...(repositoryUrl === undefined ? [] : [repositoryUrl])].flatMap((from) =>
      tagsIn(git("ls-remote", "--tags", from)),
    ),
  };
}

/** Reads `{ type: "git", url: "git+https://…" }`, the form that npm itself writes. */
function gitUrlOf(repository: unknown): string | undefined {
  if (typeof repository !== "object" || repository === null || !("url" in repository)) return undefined;
  const { url } = repository;
  return typeof url === "string" ? url.replace(/^git\+/, "") : undefined;
}

function linesOf(folder: string, args: readonly string[]): string[] {
  // Git fails instead of asking for a password, which would block a CI job.
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0" };
  const text = execFileSync("git", args, { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return text.split("\n").filter((line) => line !== "");
}

/** Reads lines of `git ls-remote`. Behind an annotated tag comes a line with "^{}" and its commit. */
function tagsIn(refs: readonly string[]): Tag[] {
  const commits = new Map<string, string>();
  for (const ref of refs) {
    const [, commit = "", name] = /^(\w+)\trefs\/tags\/(.+?)(?:\^\{\})?$/.exec(ref) ?? [];
    if (name !== undefined) commits.set(name, commit);
  }
  return [...commits].map(([name, commit]) => ({ name, commit }));
}
