import { Dispatcher } from "undici";
import type { CloudflareApi } from "../../src/simulator";
import type { FakeClock } from "../../test/support/fake-clock";

/** A dispatcher whose every exchange takes one round trip of a clock's time, half of it on the way there. */
export function createVirtualNetwork(api: CloudflareApi, clock: FakeClock, roundTripMs: number): Dispatcher {
  async function exchange(
    { method, path, headers, body }: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): Promise<void> {
    handler.onRequestStart?.(controller, {});
    await clock.sleep(roundTripMs / 2);
    const { authorization } = headers as Record<string, string>;
    const answer = api.handle({ method, path, headers: { authorization }, body: typeof body === "string" ? body : "" });
    await clock.sleep(roundTripMs / 2);
    handler.onResponseStart?.(controller, answer.status, answer.headers);
    handler.onResponseData?.(controller, Buffer.from(answer.body));
    handler.onResponseEnd?.(controller, {});
  }

  return Object.assign(new Dispatcher(), {
    dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
      void exchange(options, handler);
      return true;
    },
  });
}

// Nobody gives up here.
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
