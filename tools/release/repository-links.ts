import { githubPathOf } from "./github-path";

/** Where README.md has the badges and links, and their name there. */
export const REPOSITORY_LINKS = { page: "README.md", name: "repository" } as const;

/** The fields of package.json from which the links come. */
export interface Package {
  readonly name: string;
  readonly repository?: { readonly url: string };
}

/**
 * Returns the badges and links of the repository and of npm, in Markdown.
 *
 * @returns An empty text unless `repository` is on GitHub: a link to a place that does not exist is worse than none.
 */
export function repositoryLinks({ name, repository }: Package): string {
  const path = githubPathOf(repository?.url);
  if (path === undefined) return "";
  const home = `https://github.com/${path}`;
  const checks = `${home}/actions/workflows/checks.yml`;
  return [
    `[![Checks](${checks}/badge.svg)](${checks})`,
    `[![npm](https://img.shields.io/npm/v/${name})](https://www.npmjs.com/package/${name})`,
    `[Issues](${home}/issues)`,
    `[Releases](${home}/releases)`,
  ].join(" ");
}
