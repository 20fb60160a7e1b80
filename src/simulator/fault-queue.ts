import { checkFault } from "./check-fault";
import type { Fault, FaultScope } from "./faults";
import { READS, type Route } from "./route";

export interface FaultQueue {
  /** Returns a function that lifts the fault. */
  readonly add: (fault: Fault, scope?: FaultScope) => () => void;
  /** The fault that hits this request, if any: the one added first among those that match and have times left. */
  readonly take: (route: Route) => Fault | undefined;
}

interface Entry {
  readonly fault: Fault;
  readonly scope: FaultScope;
  times: number;
  after: number;
}

export function createFaultQueue(): FaultQueue {
  const queue = new Set<Entry>();

  return {
    add(fault, scope = {}) {
      checkFault(fault, scope);
      const entry = { fault, scope, times: scope.times ?? 1, after: scope.after ?? 0 };
      queue.add(entry);
      return () => queue.delete(entry);
    },

    take(route) {
      for (const entry of queue) {
        if (!matches(entry, route) || entry.times <= 0) continue;
        if (entry.after > 0) {
          entry.after -= 1;
          continue;
        }
        entry.times -= 1;
        return entry.fault;
      }
      return undefined;
    },
  };
}

function matches({ fault, scope }: Entry, route: Route): boolean {
  if (scope.tunnelId !== undefined && scope.tunnelId !== route.tunnelId) return false;
  const operations = scope.operations ?? (fault.kind === "stale" ? READS : undefined);
  return operations === undefined || operations.some((operation) => operation === route.operation);
}
