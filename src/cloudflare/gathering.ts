/** When a request is sent that all who wait share. */
export interface GatheringOptions {
  /** Waits. If it rejects because the process is asked to stop, the wait counts as over. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Milliseconds to wait at most for changes in flight to end, so that their reads can join. */
  readonly batchWaitMs: number;
  /** Milliseconds to wait with no change in flight, for the next one to join. */
  readonly quietMs: number;
  /** How many operations probably run at a time: when as many wait, no more can join. */
  readonly parallel: number;
}

/** Collects what waits for one request. */
export interface Gathering<Waiter> {
  /** Waits for the next request, which is sent after this call. */
  join(waiter: Waiter): void;
  /** Runs a change; what waits, waits for all changes in flight. */
  duringChange<T>(change: () => Promise<T>): Promise<T>;
}

/** @param send - Sends one request for all that have joined. */
export function createGathering<Waiter>(
  { sleep, batchWaitMs, quietMs, parallel }: GatheringOptions,
  send: (waiters: readonly Waiter[]) => void,
): Gathering<Waiter> {
  let inFlight = 0;
  let waiting: Waiter[] = [];
  let events = 0;
  let batches = 0;

  function sendAll(): void {
    const batch = waiting;
    waiting = [];
    batches += 1;
    send(batch);
  }

  function afterSleep(ms: number, run: () => void): void {
    void sleep(ms).then(run, run);
  }

  function sendWhenQuiet(): void {
    events += 1;
    if (waiting.length === 0 || inFlight > 0) return;
    const event = events;
    afterSleep(quietMs, () => {
      if (event === events && waiting.length > 0) sendAll();
    });
  }

  return {
    async duringChange(change) {
      inFlight += 1;
      try {
        return await change();
      } finally {
        inFlight -= 1;
        // Not immediately, however many wait: the operation that asked for this one is about to join them.
        sendWhenQuiet();
      }
    },

    join(waiter) {
      waiting.push(waiter);
      if (waiting.length === 1) {
        const batch = batches;
        afterSleep(batchWaitMs, () => {
          if (batch === batches) sendAll();
        });
      }
      // The first one is alone if one key is generated alone; from then on, the next wave of operations comes together.
      const isComplete = batches === 0 || waiting.length >= parallel;
      if (inFlight === 0 && isComplete) sendAll();
      else sendWhenQuiet();
    },
  };
}
