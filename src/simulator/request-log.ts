import type { Route } from "./route";

/** One request that arrived. It never contains a header or a body, because they contain credentials and keys. */
export interface SeenRequest extends Route {
  /** In upper case: "GET". */
  readonly method: string;
  /** When it arrived, in milliseconds since the epoch, by the simulator's clock. */
  readonly at: number;
  /** The HTTP status; missing until the response is sent. */
  readonly status?: number;
  /** Whether the call has changed something at the edge; `false` for reads, refusals, and calls that only validate. */
  readonly tookEffect: boolean;
}

/** A request whose outcome is still to be recorded. */
export interface LogEntry extends Omit<SeenRequest, "status" | "tookEffect"> {
  status?: number;
  tookEffect: boolean;
}

export interface RequestLog {
  readonly open: (method: string, route: Route) => LogEntry;
  /** Returns copies, in the order of arrival. */
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
