import { deliverable } from "../foreign-text";
import type { PartialFailure } from "../psk/partial-failure";

/**
 * Runs one verb of the provider so that a failure reads well: the host shows an error's message under the resource, and
 * prints `${error}: ${error.stack}` under the stack for some verbs. A thrown value that is not an error would hang it.
 */
export async function shownUnderTheResource<T>(verb: () => T | Promise<T>): Promise<T> {
  try {
    return await verb();
  } catch (error) {
    if (error instanceof HostError) throw error;
    throw new HostError(
      error instanceof Error ? error.message : "a defect of this package: something other than an Error was thrown",
    );
  }
}

/**
 * Creates the error by which Pulumi's host learns "failed, but keep this": the properties go into the state, and the next
 * `up` updates. The host shows the reasons, not the message.
 */
export function keepInState(failure: PartialFailure, id: string, properties: Record<string, unknown>): Error {
  const error = new HostError(failure.message);
  return Object.assign(error, { id, properties, reasons: [error.message] });
}

class HostError extends Error {
  override readonly stack = "see the error under the resource";

  constructor(message: string) {
    // The host could not send another one, and the engine would wait for it forever.
    super(deliverable(message));
  }

  override toString(): string {
    return "IpsecTunnelPsk";
  }
}
