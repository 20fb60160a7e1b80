import { Agent, type Dispatcher } from "undici";

/** Lets timeouts pass only when the test says so. Sockets need everything else in real time. */
export function fakeTimeouts(): void {
  jest.useFakeTimers({
    doNotFake: ["Date", "nextTick", "performance", "queueMicrotask", "setImmediate", "setInterval"],
  });
}

/** A dispatcher that tells when the first bytes of a body have arrived. */
export function observe(agent: Agent = new Agent()): { dispatcher: Dispatcher; bodyStarted: Promise<void> } {
  let start: () => void = () => undefined;
  const bodyStarted = new Promise<void>((resolve) => (start = resolve));
  const dispatcher = agent.compose(
    (dispatch) => (options, handler) =>
      dispatch(options, {
        ...handler,
        onResponseData: (controller, chunk) => {
          handler.onResponseData?.(controller, chunk);
          start();
        },
      }),
  );
  return { dispatcher, bodyStarted };
}
