// The calls of Cloudflare's API, with the names of the API in what is sent and those of Pulumi in what is returned.

/** Returns a function that sends a request below `/accounts/…/magic/ipsec_tunnels`; a tunnel that is not there is `undefined`. */
function connect({ baseUrl = process.env.CLOUDFLARE_BASE_URL, apiToken = process.env.CLOUDFLARE_API_TOKEN }) {
  return async (method, accountId, path, body) => {
    const response = await globalThis.fetch(`${baseUrl}/accounts/${accountId}/magic/ipsec_tunnels${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiToken}`,
        "content-type": "application/json",
        // Observed with terraform-provider-cloudflare 5.22.0: health checks have targets in the form of an object.
        "x-magic-new-hc-target": "true",
      },
      ...(body !== undefined && { body: JSON.stringify(renamed(body, snakeCase)) }),
    });
    if (response.status === 404 && method === "GET") return undefined;
    const { success, result, errors } = await response.json();
    if (!success)
      throw new Error(`failed to make http request: ${method} ${response.status}: ${JSON.stringify(errors)}`);
    return renamed(result, camelCase);
  };
}

const snakeCase = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camelCase = (name) => name.replace(/_([a-z])/g, (_match, letter) => letter.toUpperCase());

function renamed(value, rename) {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [rename(name), renamed(inner, rename)]));
}

module.exports = { connect };
