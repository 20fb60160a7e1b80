import { sectionOf } from "./changelog";
import type { Facts } from "./facts";

const MAX_FILES_SHOWN = 5;

/** Every reason why these facts must not become a release, each with what to do. None: it may be released. */
export function refusalsOf({ version, repositoryUrl, changelog, uncommitted, tags }: Facts): string[] {
  const refusals: string[] = [];
  if (repositoryUrl === undefined) {
    refusals.push(
      "package.json names no repository, which provenance is about: " +
        'set "repository" to { "type": "git", "url": "git+https://…" } as soon as the package has a home',
    );
  }
  if (uncommitted.length > 0) {
    const shown = uncommitted.slice(0, MAX_FILES_SHOWN).map((line) => line.trim());
    const rest = uncommitted.length - shown.length;
    const files = [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
    refusals.push(`files differ from the commit: commit or remove them (git status: ${files})`);
  }
  const section = sectionOf(changelog, version);
  if (section === undefined || section.entries.length === 0) {
    refusals.push(`CHANGELOG.md has no entry for ${version}: say there what users will see`);
  } else if (!/^\(\d{4}-\d{2}-\d{2}\)$/.test(section.note)) {
    refusals.push(`CHANGELOG.md does not date ${version}: its heading must be "## ${version} (YYYY-MM-DD)"`);
  }
  if (tags.includes(tagOf(version))) {
    refusals.push(`the tag ${tagOf(version)} exists, so ${version} is released: raise the version`);
  }
  return refusals;
}

export function tagOf(version: string): string {
  return `v${version}`;
}
