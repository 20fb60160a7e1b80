import type { IpsecTunnelPskError } from "../errors";
import type { StoredState } from "./state";

/** An operation that failed, and yet has something that the state must not lose. */
export class PartialFailure extends Error {
  constructor(
    /** What goes into the state, with a mark that makes the next `up` act. */
    readonly state: StoredState,
    override readonly cause: IpsecTunnelPskError,
  ) {
    super(cause.message);
  }
}
