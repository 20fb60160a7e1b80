import type { Facts } from "./facts";
import { tagOf } from "./refusals";

/** What a CI runs to release these facts, and whether this process could. */
export function instructionsFor({ name, version }: Facts, env: NodeJS.ProcessEnv): string {
  const tag = tagOf(version);
  return [
    `${name} ${version} may be released. On this commit, the CI runs:`,
    "",
    "  npm publish --provenance --access public",
    `  git tag ${tag} && git push origin ${tag}`,
    "",
    "Provenance is a signed statement of which commit was built, and where. npm signs it with the CI's OIDC token:",
    "`permissions: { id-token: write }` on GitHub Actions, `SIGSTORE_ID_TOKEN` in `id_tokens` on GitLab.",
    hasOidcToken(env) ? "This process has one." : "This process has none, so that `npm publish` would fail here.",
    "",
  ].join("\n");
}

// What npm itself looks for: ensureProvenanceGeneration in https://github.com/npm/cli, libnpmpublish/lib/publish.js
function hasOidcToken({ ACTIONS_ID_TOKEN_REQUEST_URL, SIGSTORE_ID_TOKEN }: NodeJS.ProcessEnv): boolean {
  return Boolean(ACTIONS_ID_TOKEN_REQUEST_URL) || Boolean(SIGSTORE_ID_TOKEN);
}
