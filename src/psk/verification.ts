import { IpsecTunnelPskError } from "../errors";
import { given } from "../given";
import type { GeneratedPsk, Operation, TunnelRef } from "../tunnel";
import type { Deadline } from "./deadline";
import type { SetMarks } from "./key-source";
import type { Limits } from "./limits";
import type { PskStatus } from "./state";
import { relate } from "./timestamp";
import { timeIn, type TunnelApi, type TunnelReading } from "./tunnel-api";

/** Whether the key that was just received is active. */
export type Verdict =
  | { readonly kind: "active" }
  /** Someone else, or a late request of ours, has generated another one since. */
  | { readonly kind: "overwritten"; readonly generatedOn: string }
  /**
   * No read settled it. `lastGeneratedOn` is present if the response had none and the first read showed one; `isKeyless` if two
   * reads or more showed the tunnel without a key, and none showed anything else.
   */
  | {
      readonly kind: "unverified";
      readonly why: string;
      readonly isKeyless?: true;
      readonly lastGeneratedOn?: string;
    };

const UNMOVED = "setting it did not move the tunnel's timestamp";

/**
 * Returns the warning that the status of a key needs; `undefined` if it needs none.
 *
 * @param isFromProgram - Whether the program gives the key; otherwise Cloudflare generated it.
 */
export function statusWarning(status: PskStatus | undefined, isFromProgram: boolean): string | undefined {
  if (status !== "unverified") return undefined;
  const verify = isFromProgram
    ? "`pulumi refresh` verifies it, if setting it moved the tunnel's timestamp; if not, nothing can."
    : "Run `pulumi refresh` to verify it.";
  return `This key has not been verified yet: no read has shown that it is the active one. ${verify}`;
}

/**
 * Compares a key's timestamp with reads that were sent after its response. A newer one is final; an older or missing one
 * comes from a lagging replica, and is read again after 1, 2, 4 and 8 s.
 */
export async function verify(
  tunnels: Pick<TunnelApi, "readAfter">,
  tunnel: TunnelRef,
  key: Pick<GeneratedPsk, "lastGeneratedOn"> & SetMarks,
  { operation, deadline, limits }: { operation: Operation; deadline: Deadline; limits: Limits },
): Promise<Verdict> {
  let why = "";
  const readings: TunnelReading[] = [];
  for (let reads = 0; reads < limits.maxReads; reads++) {
    if (reads > 0 && !(await deadline.sleep(limits.lagWaitMs * 2 ** (reads - 1)))) break;

    let reading: TunnelReading;
    try {
      reading = await tunnels.readAfter(tunnel, operation);
    } catch (error) {
      // Any failure, even that of an engine that has exited: a received key must not be lost because of it.
      return { kind: "unverified", why: summaryOf(error) };
    }

    const seen = timeIn(reading);
    readings.push(reading);
    const expected = key.lastGeneratedOn ?? key.unmovedTimestamp;
    if (expected === undefined) {
      const noTimestamp = "Cloudflare's response had no timestamp to compare";
      return { kind: "unverified", why: noTimestamp, ...given({ lastGeneratedOn: seen }) };
    }
    switch (relate(seen, expected)) {
      case "same":
        return key.lastGeneratedOn === undefined ? { kind: "unverified", why: UNMOVED } : { kind: "active" };
      case "newer":
        return { kind: "overwritten", generatedOn: seen ?? "" };
      case "older":
        why = `Cloudflare's reads lag behind: they still show ${seen ?? ""}`;
        break;
      case "unknown":
        why =
          reading.kind === "gone" ? "Cloudflare's reads show no such tunnel" : "Cloudflare's reads show no timestamp";
    }
  }
  const isKeyless = readings.length > 1 && readings.every(showsNoKey);
  return { kind: "unverified", why, ...(isKeyless && { isKeyless }) };
}

function showsNoKey(reading: TunnelReading): boolean {
  return reading.kind === "tunnel" && reading.lastGeneratedOn === undefined;
}

function summaryOf(error: unknown): string {
  if (error instanceof IpsecTunnelPskError) return error.details.summary;
  return error instanceof Error ? error.message : "a defect of this package: something other than an Error was thrown";
}
