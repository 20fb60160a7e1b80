/** The section of one version. */
export interface Section {
  /** The heading without the version: "(2026-12-01)" or "(unreleased)". */
  readonly note: string;
  readonly entries: readonly string[];
}

export function sectionOf(changelog: string, version: string): Section | undefined {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split(/\s/, 1)[0] === version);
  if (section === undefined) return undefined;
  const [heading = "", ...lines] = section.split("\n");
  return {
    note: heading.slice(version.length).trim(),
    entries: lines.filter((line) => line.startsWith("- ")),
  };
}
