import { hasExited, isAddress } from "../connection/engine-alive";

const LOOK_EVERY_MS = 1_000;

/**
 * Ends this process within seconds after its engine was killed. An orphan would run forever, with the credential.
 *
 * A plugin that was started by hand, or for `PULUMI_DEBUG_PROVIDERS`, has no address: it serves every engine until you end it.
 *
 * @param address - Where the engine that started this process listens.
 */
export function endWithEngine(address: string | undefined): void {
  if (!isAddress(address)) return;
  const parent = process.ppid;
  let hasInputEnded = false;

  async function look(): Promise<void> {
    // No sign suffices alone: another process may listen at the address by now, a launcher may be the parent, and stdin may be
    // closed from the beginning.
    const isOrphan = hasInputEnded && process.ppid !== parent;
    if (isOrphan || (await hasExited(address))) process.exit(1);
  }

  function lookAtEnd(): void {
    hasInputEnded = true;
    void look();
  }

  // The engine holds the other end, and uses it for nothing.
  process.stdin.resume().once("end", lookAtEnd).once("error", lookAtEnd);
  setInterval(() => void look(), LOOK_EVERY_MS);
}
