import { Dispatcher } from "undici";
import type { CloudflareApi } from "../../src/simulator";
import type { FakeClock } from "../../test/support/fake-clock";

/** Creates a dispatcher whose exchanges take one round trip of virtual time each, half of it before the request arrives. */
export function createVirtualNetwork(api: CloudflareApi, clock: FakeClock, roundTripMs: number): Dispatcher {
  async function exchange(
    { method, path, headers, body }: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): Promise<void> {
    handler.onRequestStart?.(controller, {});
    await clock.sleep(roundTripMs / 2);
    const { authorization } = headers as Record<string, string>;
    const response = api.handle({
      method,
      path,
      headers: { authorization },
      body: typeof body === "string" ? body : "",
    });
    await clock.sleep(roundTripMs / 2);
    handler.onResponseStart?.(controller, response.status, response.headers);
    handler.onResponseData?.(controller, Buffer.from(response.body));
    handler.onResponseEnd?.(controller, {});
  }

  return Object.assign(new Dispatcher(), {
    dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
      void exchange(options, handler);
      return true;
    },
  });
}

// No exchange is ever aborted here.
const controller: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  abort: (reason) => {
    throw reason;
  },
  pause: () => undefined,
  resume: () => undefined,
};
