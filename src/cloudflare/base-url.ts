import { IpsecTunnelPskError } from "../errors";
import { type Origin, withNote } from "./credentials";

/** Cloudflare's API, version 4. */
export const DEFAULT_BASE_URL = "https://api.cloudflare.com/client/v4";

/**
 * Checks the base URL of the API.
 *
 * @param text - An absolute URL; plain `http` only for a loopback host.
 * @param origin - Where it was found, for the message.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_BASE_URL`
 */
export function parseBaseUrl(text: string, origin: Origin): URL {
  if (text === "") throw invalid(origin, "it is empty");
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw invalid(origin, "it is not an absolute URL");
  if (url.protocol !== "https:" && url.protocol !== "http:") throw invalid(origin, "it is neither https nor http");
  if (url.username !== "" || url.password !== "") throw invalid(origin, "it has a user name or password in it");
  if (/[?#]/.test(text)) throw invalid(origin, "it has a query or a fragment");
  if (url.protocol === "http:" && !isLoopback(url)) {
    throw invalid(origin, `plain http would send the credentials unencrypted to "${url.host}"`);
  }
  url.pathname = url.pathname.replace(/\/+$/, "");
  return url;
}

/** Tells whether a URL's host is this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function invalid(origin: Origin, reason: string): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_INVALID_BASE_URL", {
    summary: `Cannot use the base URL from ${origin.name}: ${reason}`,
    remedy: withNote(
      `Remove it to use ${DEFAULT_BASE_URL}, or set an https URL (http only for 127.0.0.1, [::1] and localhost).`,
      origin,
    ),
  });
}
