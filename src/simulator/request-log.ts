import type { Route } from "./route";

/** One request that arrived. Never holds a header or a body, for there the credentials and keys are. */
export interface SeenRequest extends Route {
  readonly method: string;
  /** When it arrived, in milliseconds since the epoch, by the simulator's clock. */
  readonly at: number;
  /** The HTTP status; missing while the request is unanswered. */
  readonly status?: number;
  /** Whether the call has changed the edge; `false` for reads, for refusals, and for calls that only validate. */
  readonly tookEffect: boolean;
}

/** Where the rest of a request's story is noted. */
export interface LogEntry extends Omit<SeenRequest, "status" | "tookEffect"> {
  status?: number;
  tookEffect: boolean;
}

export interface RequestLog {
  readonly open: (method: string, route: Route) => LogEntry;
  /** Copies, in the order of arrival. */
  readonly requests: () => readonly SeenRequest[];
  readonly clear: () => void;
}

export function createRequestLog(now: () => number): RequestLog {
  const entries: LogEntry[] = [];
  return {
    open(method, route) {
      const entry: LogEntry = { method, ...route, at: now(), tookEffect: false };
      entries.push(entry);
      return entry;
    },
    requests: () => entries.map((entry) => ({ ...entry })),
    clear: () => void entries.splice(0),
  };
}
