import type { IpsecTunnelPskError } from "../errors";
import type { StoredState } from "./state";

/** An operation that failed but has a result that the state must not lose. */
export class PartialFailure<Kept = StoredState> extends Error {
  constructor(
    /** What goes into the state, with a mark that makes the next `up` act. */
    readonly kept: Kept,
    override readonly cause: IpsecTunnelPskError,
  ) {
    super(cause.message);
  }
}
