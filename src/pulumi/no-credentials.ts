import { IpsecTunnelPskError } from "../errors";

/** What to say where no credentials are set and they are needed. */
export function noCredentials(): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_NO_CREDENTIALS", {
    what: "Cannot call Cloudflare's API as no credentials are set",
    remedy:
      'Run `pulumi config set --secret cloudflare:apiToken`, or set CLOUDFLARE_API_TOKEN, to an API token with the permission "Magic WAN Write" or "Magic Transit Write".',
  });
}
