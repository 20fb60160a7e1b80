import { sectionOf } from "./changelog";
import type { Facts } from "./facts";

const MAX_FILES_SHOWN = 5;

/** Lists every reason not to release, each with what to do. An empty list means that the folder is ready. */
export function refusalsOf({ version, repositoryUrl, changelog, uncommitted, commit, tags }: Facts): string[] {
  const refusals: string[] = [];
  if (repositoryUrl === undefined) {
    refusals.push(
      "package.json has no repository URL, which provenance requires. " +
        'Set "repository" to { "type": "git", "url": "git+https://…" }.',
    );
  }
  if (uncommitted.length > 0) {
    const shown = uncommitted.slice(0, MAX_FILES_SHOWN).map((line) => line.trim());
    const rest = uncommitted.length - shown.length;
    const files = [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
    refusals.push(`Some files differ from the commit (${files}). Commit or remove them.`);
  }
  const section = sectionOf(changelog, version);
  if (section === undefined || section.entries.length === 0) {
    refusals.push(`CHANGELOG.md has no entry for ${version}. Add one for each change that users will see.`);
  } else if (!/^\(\d{4}-\d{2}-\d{2}\)$/.test(section.note)) {
    refusals.push(`CHANGELOG.md has no date for ${version}. Write its heading as "## ${version} (YYYY-MM-DD)".`);
  }
  // On this commit it starts the release.
  if (tags.some((tag) => tag.name === tagOf(version) && tag.commit !== commit)) {
    refusals.push(`The tag ${tagOf(version)} is on another commit: ${version} is already released. Raise the version.`);
  }
  return refusals;
}

export function tagOf(version: string): string {
  return `v${version}`;
}
