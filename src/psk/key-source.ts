import { given } from "../given";
import type { GeneratedPsk, Operation, TunnelRef } from "../tunnel";
import { dated, type DatedPsk } from "./clock-skew";
import type { Inputs } from "./inputs";
import { hasUnknown } from "./sentinels";
import { isNewer, latest } from "./timestamp";
import type { TunnelApi } from "./tunnel-api";

/** Where a new key comes from. How generated and set keys differ is in this file; everything else is the same for both. */
export interface KeySource {
  readonly kind: "generate" | "set";
  /** Sends one request. `ERR_OUTCOME_UNKNOWN`: it may have taken effect; any other error: it did not. */
  readonly send: (
    tunnels: Pick<TunnelApi, "generate" | "set">,
    tunnel: TunnelRef,
    operation: Operation,
  ) => Promise<GeneratedPsk>;
  /** Completes the line about a lost response. */
  readonly afterLoss: string;
  /** Completes the line about a key that was overwritten. */
  readonly afterOverwriting: string;
  /** Whether a response is certain to show the timestamp of the key. If not, the tunnel is read before the first request. */
  readonly datesKey: boolean;
  /**
   * Adds to a received key what the state has to remember of its origin.
   *
   * @param shownBefore - The newest timestamp that Cloudflare has shown before the request.
   * @param nowMs - Milliseconds since the epoch.
   */
  readonly mark: (received: GeneratedPsk, shownBefore: string | undefined, nowMs: number) => MarkedPsk;
}

/** A key, and what the state remembers of its origin: nothing if it was generated. */
export type MarkedPsk = DatedPsk & SetMarks;

export interface SetMarks {
  /** As every state names it: a translation would need a second type of state. The code asks {@link isFromProgram}. */
  readonly isSet?: true;
  /**
   * What Cloudflare showed after a key was set, if that did not move the timestamp: it belongs to an earlier key. Missing as
   * well as `lastGeneratedOn`: Cloudflare showed none.
   */
  readonly unmovedTimestamp?: string;
}

/** Every request generates another key, which only its response shows. */
const GENERATED: KeySource = {
  kind: "generate",
  send: (tunnels, tunnel, operation) => tunnels.generate(tunnel, operation),
  afterLoss: "generating a new key, because the lost one cannot be recovered",
  afterOverwriting: "generating another one",
  datesKey: true,
  mark: (received, _shownBefore, nowMs) => dated(received, nowMs),
};

/** Every request sets the same key, so it may simply be sent again, and no key is ever unknown. Whether that moves the timestamp is not established. */
function setting(psk: string): KeySource {
  return {
    kind: "set",
    send: (tunnels, tunnel, operation) => tunnels.set(tunnel, psk, operation),
    afterLoss: "setting the same key again",
    afterOverwriting: "setting this run's key again",
    datesKey: false,
    mark: ({ lastGeneratedOn, ...received }, shownBefore, nowMs) => {
      if (lastGeneratedOn !== undefined && isNewer(lastGeneratedOn, shownBefore))
        return { ...dated({ ...received, lastGeneratedOn }, nowMs), isSet: true };
      const unmovedTimestamp = latest(lastGeneratedOn, shownBefore);
      const marks = { isSet: true, localGeneratedOn: new Date(nowMs).toISOString() } as const;
      return { ...received, ...marks, ...given({ unmovedTimestamp }) };
    },
  };
}

export function keySourceOf({ psk }: Pick<Inputs, "psk">): KeySource {
  return psk === undefined ? GENERATED : setting(psk);
}

/** How the program has changed where the key comes from. */
export interface SourceChange {
  readonly kind: "pskAdded" | "pskChanged" | "pskRemoved" | "pskUnknown";
}

/** Compares the key that the program gives with the stored one. A stored key that is the same needs no request. */
export function changedSource(
  state: SetMarks & { readonly psk: string },
  { psk }: Pick<Inputs, "psk">,
): SourceChange[] {
  if (psk === undefined) return isFromProgram(state) ? [{ kind: "pskRemoved" }] : [];
  if (hasUnknown(psk)) return [{ kind: "pskUnknown" }];
  if (psk === state.psk) return [];
  return [{ kind: isFromProgram(state) ? "pskChanged" : "pskAdded" }];
}

/** Tells whether the program gave the key, so that it was set and not generated. */
export function isFromProgram({ isSet }: SetMarks): boolean {
  return isSet === true;
}

/** Tells whether nothing that Cloudflare shows can be the timestamp of this key. */
export function isUndated(key: SetMarks & Pick<GeneratedPsk, "lastGeneratedOn">): boolean {
  return isFromProgram(key) && key.lastGeneratedOn === undefined;
}
