import type { Facts } from "./facts";
import { tagOf } from "./refusals";

/** Returns what starts the release, what another CI runs instead, and whether this process could run that. */
export function instructionsFor({ name, version }: Facts, env: NodeJS.ProcessEnv): string {
  const tag = tagOf(version);
  return [
    `${name} ${version} is ready for release. On this commit, run:`,
    "",
    `  git tag ${tag} && git push origin ${tag}`,
    "",
    "Then .github/workflows/release.yml builds what is published, and waits for the approval of a maintainer.",
    "In another CI, run this on the tagged commit:",
    "",
    "  npm publish --provenance --access public",
    "",
    "Provenance is a signed statement of which commit was built, and where. npm signs it with the OIDC token of the CI job:",
    "set `permissions: { id-token: write }` on GitHub Actions, or `SIGSTORE_ID_TOKEN` in `id_tokens` on GitLab.",
    hasOidcToken(env)
      ? "This process has such a token."
      : "This process has no such token, so `npm publish` would fail here.",
    "",
  ].join("\n");
}

// npm checks the same variables: ensureProvenanceGeneration in https://github.com/npm/cli, libnpmpublish/lib/publish.js
function hasOidcToken({ ACTIONS_ID_TOKEN_REQUEST_URL, SIGSTORE_ID_TOKEN }: NodeJS.ProcessEnv): boolean {
  return Boolean(ACTIONS_ID_TOKEN_REQUEST_URL) || Boolean(SIGSTORE_ID_TOKEN);
}
