import { type handleUnaryCall, status } from "./protocol";
import { toServiceError } from "./responses";

/** The calls that a server has accepted. */
export interface Calls {
  /** Creates the handler of one method. A failure, even one to send the response, is a failure of that call alone. */
  readonly unary: <Request, Response>(
    run: (request: Request) => Response | Promise<Response>,
  ) => handleUnaryCall<Request, Response>;
  /** Refuses new calls, and waits for those in flight. */
  readonly end: () => Promise<void>;
}

export function createCalls(): Calls {
  const inFlight = new Set<Promise<void>>();
  let isEnding = false;
  return {
    unary:
      (run) =>
      ({ request }, done) => {
        if (isEnding) {
          done({
            code: status.UNAVAILABLE,
            details: "Cannot start this: the plugin is ending after an unexpected failure.",
          });
          return;
        }
        const call = Promise.resolve(request)
          .then(run)
          .then((response) => {
            done(null, response);
          })
          .catch((error: unknown) => {
            done(toServiceError(error));
          })
          .finally(() => inFlight.delete(call));
        inFlight.add(call);
      },

    async end() {
      isEnding = true;
      await Promise.allSettled(inFlight);
    },
  };
}
