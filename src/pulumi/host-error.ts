/**
 * Runs one verb of the provider so that a failure reads well: the host shows an error's message under the resource, and
 * prints `${error}: ${error.stack}` under the stack for some verbs. A thrown value that is no error would hang it.
 */
export async function shownUnderTheResource<T>(verb: () => T | Promise<T>): Promise<T> {
  try {
    return await verb();
  } catch (error) {
    throw new HostError(error instanceof Error ? error.message : "an unexpected failure that is no error");
  }
}

class HostError extends Error {
  override readonly stack = "see the error under the resource";

  override toString(): string {
    return "IpsecTunnelPsk";
  }
}
