const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const cleanups = new Set<() => void>();
let ending = false;

/** Has `cleanup` run if the process ends, by itself or by a signal, before the returned function is called. */
export function onExit(cleanup: () => void): () => void {
  if (cleanups.size === 0) listen();
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) stopListening();
  };
}

/** Whether a signal has asked this process to end: then nothing new may be started. */
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
  // Another listener means that the program ends itself in its own way; else the signal has its usual effect.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

function cleanUp(): void {
  // Latest first: children die before the directory they write to goes, and the lock goes last.
  for (const cleanup of [...cleanups].reverse()) {
    try {
      cleanup();
    } catch {
      // The others still have to run, and the process still has to end.
    }
  }
  cleanups.clear();
}
