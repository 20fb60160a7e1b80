import type { Facts } from "../../../tools/release/facts";
import { refusalsOf } from "../../../tools/release/refusals";

const READY: Facts = {
  name: "fake-package",
  version: "1.2.3",
  repositoryUrl: "https://example.com/fake-package.git",
  changelog: "## 1.2.3 (2026-12-01)\n\n- Add this: because of that.\n",
  uncommitted: [],
  commit: "c1",
  tags: [
    { name: "v1.2.2", commit: "c0" },
    { name: "v1.2.30", commit: "c0" },
  ],
};

const TAKEN = { name: "v1.2.3", commit: "c0" };

function without<Key extends keyof Facts>(key: Key): Omit<Facts, Key> {
  const facts: Partial<Facts> = { ...READY };
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a test's own copy
  delete facts[key];
  return facts as Omit<Facts, Key>;
}

describe("refusalsOf()", () => {
  it("returns nothing if the folder is ready", () => {
    expect(refusalsOf(READY)).toEqual([]);
  });

  it("accepts the tag of the version on this commit, which starts the release", () => {
    expect(refusalsOf({ ...READY, tags: [...READY.tags, { name: "v1.2.3", commit: "c1" }] })).toEqual([]);
  });

  it.each<[string, Facts, string]>([
    ["an unset repository", without("repositoryUrl"), "package.json has no repository URL"],
    ["a file that no commit has", { ...READY, uncommitted: ["?? fake.ts"] }, "(?? fake.ts)"],
    ["no section", { ...READY, changelog: "## 1.2.2 (2026-11-01)\n\n- Add this.\n" }, "no entry for 1.2.3"],
    ["a section without entries", { ...READY, changelog: "## 1.2.3 (2026-12-01)\n" }, "no entry for 1.2.3"],
    ["an unreleased section", { ...READY, changelog: "## 1.2.3 (unreleased)\n\n- Add this.\n" }, "no date for 1.2.3"],
    ["a section without a date", { ...READY, changelog: "## 1.2.3\n\n- Add this.\n" }, "no date for 1.2.3"],
    ["a tag on another commit", { ...READY, tags: [TAKEN] }, "The tag v1.2.3 is on another commit"],
  ])("returns one refusal for %s", (_what, facts, reason) => {
    expect(refusalsOf(facts)).toEqual([expect.stringContaining(reason)]);
  });

  it("names at most five files, and counts the others", () => {
    const uncommitted = ["1", "2", "3", "4", "5", "6", "7"].map((name) => ` M ${name}.ts`);

    expect(refusalsOf({ ...READY, uncommitted })).toEqual([
      expect.stringMatching(/M 5\.ts, 2 more\)\. Commit or remove them\.$/),
    ]);
  });

  it("returns all refusals together", () => {
    const facts = { ...without("repositoryUrl"), uncommitted: ["?? fake.ts"], changelog: "", tags: [TAKEN] };

    expect(refusalsOf(facts)).toHaveLength(4);
  });
});
