import type { Facts } from "../../../tools/release/facts";
import { refusalsOf } from "../../../tools/release/refusals";

const READY: Facts = {
  name: "fake-package",
  version: "1.2.3",
  repositoryUrl: "https://example.com/fake-package.git",
  changelog: "## 1.2.3 (2026-12-01)\n\n- Add this: because of that.\n",
  uncommitted: [],
  tags: ["v1.2.2", "v1.2.30"],
};

function without<Key extends keyof Facts>(key: Key): Omit<Facts, Key> {
  const facts: Partial<Facts> = { ...READY };
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a test's own copy
  delete facts[key];
  return facts as Omit<Facts, Key>;
}

describe("refusalsOf()", () => {
  it("refuses nothing if nothing is wrong", () => {
    expect(refusalsOf(READY)).toEqual([]);
  });

  it.each<[string, Facts, string]>([
    ["an unset repository", without("repositoryUrl"), "package.json names no repository"],
    ["a file that no commit has", { ...READY, uncommitted: ["?? fake.ts"] }, "(git status: ?? fake.ts)"],
    ["no section", { ...READY, changelog: "## 1.2.2 (2026-11-01)\n\n- Add this.\n" }, "no entry for 1.2.3"],
    ["a section without entries", { ...READY, changelog: "## 1.2.3 (2026-12-01)\n" }, "no entry for 1.2.3"],
    ["an unreleased section", { ...READY, changelog: "## 1.2.3 (unreleased)\n\n- Add this.\n" }, "does not date 1.2.3"],
    ["a section without a date", { ...READY, changelog: "## 1.2.3\n\n- Add this.\n" }, "does not date 1.2.3"],
    ["a tag that exists", { ...READY, tags: ["v1.2.3"] }, "the tag v1.2.3 exists"],
  ])("refuses %s, and nothing else", (_what, facts, reason) => {
    expect(refusalsOf(facts)).toEqual([expect.stringContaining(reason)]);
  });

  it("names at most five files, and says how many there are", () => {
    const uncommitted = ["1", "2", "3", "4", "5", "6", "7"].map((name) => ` M ${name}.ts`);

    expect(refusalsOf({ ...READY, uncommitted })).toEqual([expect.stringMatching(/M 5\.ts, 2 more\)$/)]);
  });

  it("gives all reasons together", () => {
    const facts = { ...without("repositoryUrl"), uncommitted: ["?? fake.ts"], changelog: "", tags: ["v1.2.3"] };

    expect(refusalsOf(facts)).toHaveLength(4);
  });
});
