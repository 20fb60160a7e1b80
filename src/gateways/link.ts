import { isUnicast, parsePrefix, peerOf } from "./addresses";

/** The two ends of the link inside the tunnel. */
export interface Link {
  readonly cloudflare: string;
  readonly router: string;
  readonly length: number;
}

/** Reads Cloudflare's end of the link; `undefined` if it is not one of two unicast addresses. */
export function linkOf(value: unknown, family: 4 | 6): Link | undefined {
  const prefix = parsePrefix(value);
  if (prefix?.family !== family || !isUnicast(prefix)) return undefined;
  const router = peerOf(prefix);
  return router === undefined ? undefined : { cloudflare: prefix.address, router, length: prefix.length };
}
