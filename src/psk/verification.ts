import { IpsecTunnelPskError } from "../errors";
import type { Deadline } from "./deadline";
import type { Edge, GeneratedPsk, Operation, Sight, TunnelRef } from "./edge";
import type { Patience } from "./patience";
import { relate } from "./timestamp";

/** Whether the edge holds the key that was just received. */
export type Verdict =
  | { readonly kind: "inForce" }
  /** Somebody, or a late request of ours, has generated another one since. */
  | { readonly kind: "overwritten"; readonly generatedOn: string }
  /** No read tells. `lastGeneratedOn` is there if the answer had none and the first read gave it one. */
  | { readonly kind: "unverified"; readonly why: string; readonly lastGeneratedOn?: string };

/**
 * Compares a key's time stamp with reads that were sent after its answer. A newer one is final; an older or missing one
 * is a replica that lags behind, and is read again after 1, 2, 4 and 8 s by default.
 */
export async function verify(
  edge: Pick<Edge, "readAfter">,
  tunnel: TunnelRef,
  key: Pick<GeneratedPsk, "lastGeneratedOn">,
  { operation, deadline, patience }: { operation: Operation; deadline: Deadline; patience: Patience },
): Promise<Verdict> {
  let why = "";
  for (let reads = 0; reads < patience.maxReads; reads++) {
    if (reads > 0 && !(await deadline.sleep(patience.lagWaitMs * 2 ** (reads - 1)))) break;

    let sight: Sight;
    try {
      sight = await edge.readAfter(tunnel, operation);
    } catch (error) {
      // Whatever went wrong, also an engine that has gone: a received key must not be lost for it.
      return { kind: "unverified", why: whatOf(error) };
    }

    const seen = sight.kind === "tunnel" ? sight.lastGeneratedOn : undefined;
    if (key.lastGeneratedOn === undefined) {
      return {
        kind: "unverified",
        why: "Cloudflare's answer had no time stamp to compare",
        ...(seen !== undefined && { lastGeneratedOn: seen }),
      };
    }
    switch (relate(seen, key.lastGeneratedOn)) {
      case "same":
        return { kind: "inForce" };
      case "newer":
        return { kind: "overwritten", generatedOn: seen ?? "" };
      case "older":
        why = `Cloudflare's reads lag behind: they still show ${seen ?? ""}`;
        break;
      case "unknown":
        why =
          sight.kind === "gone" ? "Cloudflare's reads show no such tunnel" : "Cloudflare's reads show no time stamp";
    }
  }
  return { kind: "unverified", why };
}

function whatOf(error: unknown): string {
  if (error instanceof IpsecTunnelPskError) return error.details.what;
  return error instanceof Error ? error.message : "an unexpected failure that is no error";
}
