import type { Facts } from "./facts";
import { tagOf } from "./refusals";

/** Returns the commands that the CI runs to release, and whether this process could run them. */
export function instructionsFor({ name, version }: Facts, env: NodeJS.ProcessEnv): string {
  const tag = tagOf(version);
  return [
    `${name} ${version} is ready for release. Run these commands in CI, on this commit:`,
    "",
    "  npm publish --provenance --access public",
    `  git tag ${tag} && git push origin ${tag}`,
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
