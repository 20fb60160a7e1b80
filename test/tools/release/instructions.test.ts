import { instructionsFor } from "../../../tools/release/instructions";

const facts = { name: "fake-package", version: "1.2.3", changelog: "", uncommitted: [], tags: [] };

describe("instructionsFor()", () => {
  it("names the command with provenance, then the tag", () => {
    const text = instructionsFor(facts, {});

    expect(text).toContain("fake-package 1.2.3 may be released");
    expect(text).toMatch(/npm publish --provenance --access public\n.*git push origin v1\.2\.3\n/);
  });

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ["GitHub Actions", { ACTIONS_ID_TOKEN_REQUEST_URL: "https://example.com/oidc" }, "This process has one."],
    ["GitLab", { SIGSTORE_ID_TOKEN: "fake-token" }, "This process has one."],
    ["a CI without the permission", { CI: "true", GITHUB_ACTIONS: "true" }, "This process has none"],
    ["a machine of a developer", {}, "This process has none"],
    ["an empty variable", { SIGSTORE_ID_TOKEN: "" }, "This process has none"],
  ])("says whether npm can sign on %s", (_where, env, sentence) => {
    expect(instructionsFor(facts, env)).toContain(sentence);
  });

  it("repeats no token", () => {
    expect(instructionsFor(facts, { SIGSTORE_ID_TOKEN: "fake-token" })).not.toContain("fake-token");
  });
});
