import { IpsecTunnelPskError } from "../../src/errors";

/** Returns the error of ours that a function throws; throws if there is none. */
export function failureOf(act: () => unknown): IpsecTunnelPskError {
  let thrown: unknown;
  try {
    act();
  } catch (error) {
    thrown = error;
  }
  return ours(thrown);
}

/** Returns the error of ours that a promise is rejected with; rejects if there is none. */
export async function rejectionOf(promise: Promise<unknown>): Promise<IpsecTunnelPskError> {
  return ours(
    await promise.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
}

/** Returns everything of an error that might be printed or logged. */
export function everythingIn({ message, stack, details }: IpsecTunnelPskError): string {
  return JSON.stringify({ message, stack, details });
}

function ours(thrown: unknown): IpsecTunnelPskError {
  if (thrown instanceof IpsecTunnelPskError) return thrown;
  throw new Error("The test expects an IpsecTunnelPskError, and there was none", { cause: thrown });
}
