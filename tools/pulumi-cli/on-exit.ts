const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const cleanups = new Set<() => void>();
let ending = false;

/** Runs `cleanup` if the process exits, by itself or by a signal. Returns a function that unregisters it. */
export function onExit(cleanup: () => void): () => void {
  if (cleanups.size === 0) listen();
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) stopListening();
  };
}

/** Tells whether a signal has asked this process to exit; it must then not start child processes. */
export function isEnding(): boolean {
  return ending;
}

function listen(): void {
  process.on("exit", cleanUp);
  for (const signal of signals) process.on(signal, endBySignal);
}

function stopListening(): void {
  process.off("exit", cleanUp);
  for (const signal of signals) process.off(signal, endBySignal);
}

function endBySignal(signal: NodeJS.Signals): void {
  ending = true;
  cleanUp();
  stopListening();
  // With another listener, the program decides how to exit. Without one, the signal has its usual effect.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

function cleanUp(): void {
  // Latest first: child processes exit before their directory is removed, and the lock is released last.
  for (const cleanup of [...cleanups].reverse()) {
    try {
      cleanup();
    } catch {
      // The other cleanups still have to run, and the process still has to exit.
    }
  }
  cleanups.clear();
}
