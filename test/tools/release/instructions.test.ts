import { instructionsFor } from "../../../tools/release/instructions";

const facts = { name: "fake-package", version: "1.2.3", changelog: "", uncommitted: [], commit: "c0", tags: [] };

describe("instructionsFor()", () => {
  it("contains the command that pushes the tag, and the one that publishes with provenance", () => {
    const text = instructionsFor(facts, {});

    expect(text).toContain("fake-package 1.2.3 is ready for release");
    expect(text).toContain("\n  git tag v1.2.3 && git push origin v1.2.3\n");
    expect(text).toContain("\n  npm publish --provenance --access public\n");
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
