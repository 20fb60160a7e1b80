import { sectionOf } from "../../../tools/release/changelog";

const CHANGELOG = `# Changelog

One entry for each change.

## 1.10.0 (2026-12-01)

- Add this: because of that,
  on several lines.
- Add another: for the same reason.

### What is guaranteed

Much.

## 1.1.0 (unreleased)

## 1.0.0
`;

describe("sectionOf()", () => {
  it("returns the entries of a version, and the rest of its heading", () => {
    expect(sectionOf(CHANGELOG, "1.10.0")).toEqual({
      note: "(2026-12-01)",
      entries: ["- Add this: because of that,", "- Add another: for the same reason."],
    });
  });

  it.each([
    ["1.1.0", "(unreleased)"],
    ["1.0.0", ""],
  ])("returns no entries for %s", (version, note) => {
    expect(sectionOf(CHANGELOG, version)).toEqual({ note, entries: [] });
  });

  it.each(["1.1", "1.10.00", "10.0", "", "1x0.0"])('returns undefined for "%s"', (version) => {
    expect(sectionOf(CHANGELOG, version)).toBeUndefined();
  });
});
