import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a release depends on, as it stands in the folder. */
export interface Facts {
  readonly name: string;
  readonly version: string;
  /** Where `repository` of package.json points, for git; undefined if it is unset or has no URL. */
  readonly repositoryUrl?: string;
  readonly changelog: string;
  /** Lines of `git status`: what a release would hold, or leave out, without any commit saying so. */
  readonly uncommitted: readonly string[];
  /** Of this clone and of the repository, for the clones of a CI have none. */
  readonly tags: readonly string[];
}

/** @throws {Error} If there is no package.json, CHANGELOG.md or git, or the repository does not answer. */
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

/** `{ type: "git", url: "git+https://…" }`, the form that npm itself writes. */
function gitUrlOf(repository: unknown): string | undefined {
  if (typeof repository !== "object" || repository === null || !("url" in repository)) return undefined;
  const { url } = repository;
  return typeof url === "string" ? url.replace(/^git\+/, "") : undefined;
}

function linesOf(folder: string, args: readonly string[]): string[] {
  // Where git would ask for a password it fails instead: nobody answers in a CI.
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0" };
  const text = execFileSync("git", args, { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return text.split("\n").filter((line) => line !== "");
}

function tagsIn(refs: readonly string[]): string[] {
  return refs.flatMap((ref) => /\trefs\/tags\/(.+)$/.exec(ref)?.[1] ?? []);
}
