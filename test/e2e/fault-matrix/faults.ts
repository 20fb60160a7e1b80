import type { IpsecTunnelPskArgs } from "../../../src";
import {
  type Assumptions,
  type Fault as Ill,
  faults,
  type Operation,
  type SeenRequest,
  type Simulator,
} from "../../../src/simulator";
import type { Backend, Front } from "./front";

export type HowLong = "once" | "lasting";

/** Where the key of a row comes from: Cloudflare generates it, or the program gives it. */
export type Source = "generated" | "set";

/** Where a fault strikes: the Cloudflare of one cell. */
export interface Target {
  readonly simulator: Simulator;
  readonly backend: Backend;
  /** The tunnel that the operation is about. */
  readonly tunnelId: string;
  /** The requests that the operation is about. */
  readonly operations: readonly Operation[];
  /** How many of them are hit. */
  readonly times: number;
}

export interface Strike {
  /** Tells whether it has hit, as the simulator saw it: a cell must not pass because nothing went wrong. */
  readonly hit: () => boolean;
  readonly lift: () => void | Promise<void>;
}

export interface Fault {
  readonly lasts: readonly HowLong[];
  /** Keeps requests from arriving: a base URL instead of the front's, and what the user must read then. */
  readonly unreachable?: { readonly baseUrl: (front: Front) => string; readonly says: RegExp };
  /** Sends requests past the front to its simulator, through a provider of its own. */
  readonly ownBaseUrl?: boolean;
  /** Leaves requests without a response, which must then time out soon: through a provider of its own. */
  readonly timesOut?: boolean;
  readonly strike: (target: Target) => Strike | Promise<Strike>;
  readonly assumptions?: Partial<Assumptions>;
  readonly args?: Partial<IpsecTunnelPskArgs>;
  /** Someone else changes the key, or removes the tunnel. */
  readonly byOthers?: boolean;
  /** Applies only to keys that Cloudflare generates, or only to those that the program gives. Default: both. */
  readonly only?: Source;
  /** No read can verify a key that the program gives. */
  readonly neverVerified?: boolean;
  /** Between the provider's process and Cloudflare: what it does then is tested with each kind of provider. */
  readonly ofTransport?: boolean;
}

const BOTH: readonly HowLong[] = ["once", "lasting"];
const READS: readonly Operation[] = ["list", "get"];
const SETS: readonly Operation[] = ["set", "validateSet"];

/** What goes wrong in each row of matrix.md. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  "connection refused": unreachable(() => "http://127.0.0.1:1/client/v4", /could not be reached: .*ECONNREFUSED/),
  "host name unknown": unreachable(() => "https://nothing.invalid/client/v4", /could not be reached: /),
  "no TLS": unreachable(
    ({ port }) => `https://127.0.0.1:${port}/client/v4`,
    /could not be reached: .*(SSL|TLS|EPROTO)/,
  ),

  "connection reset, before the effect": { ...ill({ kind: "reset", effect: false }), ofTransport: true },
  "connection reset, after the effect": { ...ill({ kind: "reset", effect: true }), ofTransport: true },
  "timeout, before the effect": { ...ill({ kind: "silence", effect: false }), timesOut: true, ofTransport: true },
  "timeout, after the effect": { ...ill({ kind: "silence", effect: true }), timesOut: true, ofTransport: true },
  "429 with Retry-After": ill(faults.throttled({ retryAfterSeconds: 1 })),
  "429 without Retry-After": ill(faults.throttled()),
  "971 under HTTP 200": ill(faults.throttledWithoutStatus()),
  "500 with JSON, before the effect": ill(faults.serverError(500)),
  "500 with JSON, after the effect": ill(faults.serverError(500, true)),
  "502 with HTML, before the effect": ill(faults.html(502)),
  "502 with HTML, after the effect": ill({ ...faults.html(502), effect: true } as Ill),
  "503 with an empty body, before the effect": ill({ kind: "response", status: 503 }),
  "503 with an empty body, after the effect": ill({ kind: "response", status: 503, effect: true }),
  "truncated JSON": { ...ill({ kind: "truncated" }), ofTransport: true },
  "a body that is not JSON": ill({ kind: "altered", change: "notJson" }),
  "success without a key": ill({ kind: "altered", change: "withoutKey" }),
  "success without a timestamp": ill({ kind: "altered", change: "withoutTimestamp" }),
  "success without a tunnel ID": ill({ kind: "altered", change: "withoutTunnelId" }),
  "success for another tunnel": ill({ kind: "altered", change: "anotherTunnel" }),

  "reads refused with 403": ill(refusal(403, 10000, "Authentication error"), READS),
  "reads fail with 500": ill(faults.serverError(500), READS),
  "reads lag behind": ill({ kind: "stale" }, READS),

  "late request, before the next one": {
    lasts: ["once"],
    strike: (target) => late(target, target.operations),
    timesOut: true,
    ofTransport: true,
  },
  "late request, before the next read": {
    lasts: ["once"],
    strike: (target) => late(target, READS),
    timesOut: true,
    ofTransport: true,
  },
  "late request, after the command": {
    lasts: BOTH,
    strike: (target) => late(target, []),
    timesOut: true,
    ofTransport: true,
  },

  "someone else rotates before each read": { lasts: BOTH, strike: rotatedBeforeReads, byOthers: true },
  "someone else has rotated": before(({ simulator, tunnelId }) => simulator.rotate(tunnelId)),
  'someone else has rotated, onExternalRotation "fail"': {
    ...before(({ simulator, tunnelId }) => simulator.rotate(tunnelId)),
    args: { onExternalRotation: "fail" },
  },
  "someone else has set a key, timestamp moves": before(put("key-of-someone-else-0001"), {
    putMovesTimestamp: true,
  }),
  "someone else has set a key, timestamp stays": before(put("key-of-someone-else-0002"), {
    putMovesTimestamp: false,
  }),
  "someone else has set the key to null, which removes it": before(put(null), { putNullRemovesKey: true }),
  "someone else has set the key to null, which changes nothing": before(put(null), { putNullRemovesKey: false }),

  "the tunnel is deleted": { lasts: ["lasting"], strike: deleted, byOthers: true },
  "404 without code 1032": { ...ill(refusal(404, 1000, "Not found"), "all"), lasts: ["lasting"] },
  "403": { ...ill(refusal(403, 10000, "Authentication error"), "all"), lasts: ["lasting"] },

  "405": { ...ill({ kind: "response", status: 405 }), lasts: ["lasting"], only: "set" },
  "the key is not applied, under HTTP 200": { lasts: BOTH, strike: unapplied, only: "set" },
  "setting a key does not move the timestamp": {
    ...assumed({ setMovesTimestamp: false }),
    only: "set",
    neverVerified: true,
  },

  "generated keys are 32 letters and digits": {
    ...assumed({ generatedKey: "alphanumeric-32" }, ({ simulator, tunnelId }) =>
      /^[A-Za-z0-9]{32}$/.test(simulator.keyAtEdge(tunnelId) ?? ""),
    ),
    only: "generated",
  },
  "validate_only responds without a key": { ...assumed({ validateReturnsKey: false }), only: "generated" },
  // The proof that validate_only is harmless holds for a base URL.
  "validate_only persists": { ...assumed({ validatePersists: true }), ownBaseUrl: true },
  "psk_generate responds without ipsec_id": { ...assumed({ generateReturnsIpsecId: false }), only: "generated" },
  "reads respond without remote_identities": assumed({ getReturnsRemoteIdentities: false }),
};

function unreachable(baseUrl: (front: Front) => string, says: RegExp): Fault {
  const strike = ({ simulator }: Target): Strike => ({
    hit: () => simulator.requests().length === 0,
    lift: () => undefined,
  });
  return { lasts: ["lasting"], unreachable: { baseUrl, says }, strike, ofTransport: true };
}

function refusal(status: number, code: number, message: string): Ill {
  return {
    kind: "response",
    status,
    body: { success: false, errors: [{ code, message }], messages: [], result: null },
  };
}

function ill(fault: Ill, on: readonly Operation[] | "all" | "its own" = "its own"): Fault {
  return {
    lasts: BOTH,
    strike: ({ simulator, operations: own, times }) => {
      const operations = on === "its own" ? own : on === "all" ? undefined : on;
      const lift = simulator.fault(fault, { times, ...(operations !== undefined && { operations }) });
      const isHit = ({ operation, status }: SeenRequest) =>
        (operations === undefined || operations.some((one) => one === operation)) &&
        (fault.kind !== "response" || status === fault.status);
      return { hit: () => simulator.requests().some(isHit), lift };
    },
  };
}

/** Holds requests until one of `until` comes, or until the fault is lifted. Their responses come too late for the client. */
function late({ backend, operations, times }: Target, until: readonly Operation[]): Strike {
  const held: (() => Promise<void>)[] = [];
  let left = times;
  const release = async () => {
    await Promise.all(held.splice(0).map((forward) => forward()));
  };
  backend.around = async (operation, forward) => {
    if (left > 0 && operations.some((one) => one === operation)) {
      left -= 1;
      held.push(forward);
      return;
    }
    if (until.some((one) => one === operation)) await release();
    await forward();
  };
  return {
    hit: () => left < times || times === Infinity,
    lift: async () => {
      backend.around = undefined;
      await release();
    },
  };
}

function rotatedBeforeReads({ simulator, backend, tunnelId, times }: Target): Strike {
  let rotations = 0;
  backend.around = async (operation, forward) => {
    if (rotations < times && READS.some((one) => one === operation)) {
      rotations += 1;
      simulator.rotate(tunnelId);
    }
    await forward();
  };
  return { hit: () => rotations > 0, lift: () => void (backend.around = undefined) };
}

/** Does something in the name of someone else, just before the command. */
function before(act: (target: Target) => unknown, assumptions: Partial<Assumptions> = {}): Fault {
  return {
    lasts: ["once"],
    assumptions,
    byOthers: true,
    strike: async (target) => {
      await act(target);
      return { hit: () => true, lift: () => undefined };
    },
  };
}

function put(psk: string | null): (target: Target) => Promise<void> {
  return async ({ simulator, tunnelId }) => {
    const url = `${simulator.url}/accounts/${simulator.accountId}/magic/ipsec_tunnels/${tunnelId}`;
    const headers = { authorization: `Bearer ${simulator.apiToken}`, "content-type": "application/json" };
    const { result } = (await (await fetch(url, { headers })).json()) as { result: { ipsec_tunnel: object } };
    const body = JSON.stringify({ ...result.ipsec_tunnel, psk });
    const response = await fetch(url, { method: "PUT", headers, body });
    if (!response.ok) throw new Error(`Cannot set a key: HTTP ${response.status} ${await response.text()}`);
  };
}

function deleted({ simulator, tunnelId, operations }: Target): Strike {
  simulator.removeTunnel(tunnelId);
  // A list succeeds, and does not have the tunnel; a key that is set is not applied, under HTTP 200.
  const isHit = ({ operation, status }: SeenRequest) =>
    operations.some((one) => one === operation) && (status === 404 || ["list", ...SETS].includes(operation));
  return {
    hit: () => simulator.requests().some(isHit),
    lift: () => void simulator.addTunnel({ id: tunnelId }),
  };
}

function unapplied({ simulator, operations, times }: Target): Strike {
  const lift = simulator.fault({ kind: "unapplied", reason: "Not now" }, { times });
  const mayHit = operations.some((one) => SETS.includes(one));
  return {
    hit: () => !mayHit || simulator.requests().some(({ operation }) => SETS.includes(operation as Operation)),
    lift,
  };
}

function assumed(assumptions: Partial<Assumptions>, isSo: (target: Target) => boolean = () => true): Fault {
  return {
    lasts: ["lasting"],
    assumptions,
    strike: (target) => ({
      hit: () =>
        isSo(target) &&
        target.simulator.requests().some(({ operation }) => target.operations.some((one) => one === operation)),
      lift: () => undefined,
    }),
  };
}
