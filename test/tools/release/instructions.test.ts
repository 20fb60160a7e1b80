import { instructionsFor } from "../../../tools/release/instructions";

const facts = { name: "fake-package", version: "1.2.3", changelog: "", uncommitted: [], tags: [] };

describe("instructionsFor()", () => {
  it("contains the command with provenance, and then the tag", () => {
    const text = instructionsFor(facts, {});

    expect(text).toContain("fake-package 1.2.3 is ready for release");
    expect(text).toMatch(/npm publish --provenance --access public\n.*git push origin v1\.2\.3\n/);
  });

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ["GitHub Actions", { ACTIONS_ID_TOKEN_REQUEST_URL: "https://example.com/oidc" }, "This process has such a token."],
    ["GitLab", { SIGSTORE_ID_TOKEN: "fake-token" }, "This process has such a token."],
    ["a CI without the permission", { CI: "true", GITHUB_ACTIONS: "true" }, "This process has no such token"],
    ["a developer's machine", {}, "This process has no such token"],
    ["an empty variable", { SIGSTORE_ID_TOKEN: "" }, "This process has no such token"],
  ])("says whether npm can sign in %s", (_where, env, sentence) => {
    expect(instructionsFor(facts, env)).toContain(sentence);
  });

  it("does not contain the token", () => {
    expect(instructionsFor(facts, { SIGSTORE_ID_TOKEN: "fake-token" })).not.toContain("fake-token");
  });
});
