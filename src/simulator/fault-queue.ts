import { checkFault, operationsOf } from "./check-fault";
import type { Fault, FaultScope } from "./faults";
import { canonical } from "./identifier";
import type { Route } from "./route";

export interface FaultQueue {
  /** Adds a fault; returns a function that removes it. */
  readonly add: (fault: Fault, scope?: FaultScope) => () => void;
  /** Returns the fault that affects this request, if any: the first one added that matches and has times left. */
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
  if (scope.tunnelId !== undefined && canonical(scope.tunnelId) !== canonical(route.tunnelId)) return false;
  const operations = scope.operations ?? operationsOf(fault.kind);
  return operations === undefined || operations.some((operation) => operation === route.operation);
}
