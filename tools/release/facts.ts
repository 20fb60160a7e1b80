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
  /** Tags of this clone and of the repository, because a clone in CI often has none. */
  readonly tags: readonly string[];
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
    tags: [...git("tag", "--list"), ...(repositoryUrl === undefined ? [] : tagsIn(git("ls-remote", repositoryUrl)))],
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

function tagsIn(refs: readonly string[]): string[] {
  return refs.flatMap((ref) => /\trefs\/tags\/(.+)$/.exec(ref)?.[1] ?? []);
}
