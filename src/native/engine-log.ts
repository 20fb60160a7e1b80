import { credentials, EngineClient, LogRequest, LogSeverity, Metadata } from "./protocol";

/** The lines of one call. The engine shows them in order, under the call's resource. */
export interface Lines {
  readonly info: (text: string) => void;
  readonly warn: (text: string) => void;
  /**
   * Waits until the engine has all of them. Await it before you respond to the call: after the response, the engine may have
   * forgotten the resource.
   */
  readonly delivered: () => Promise<void>;
}

/** Sends lines to the engine, which hides what a plugin prints. */
export interface EngineLog {
  /** Sets the engine's address, as soon as it is known. */
  readonly connect: (address: string) => void;
  /** Starts the lines of one call. @param urn - The resource; an empty one stands for the stack. */
  readonly under: (urn: string) => Lines;
}

// The engine takes a line in about a millisecond. A line that is stuck must not keep a received key from the engine.
const TIMEOUT_MS = 10_000;

export function createEngineLog(): EngineLog {
  let client: EngineClient | undefined;

  // A line that cannot be delivered does not fail the call.
  function send(severity: LogSeverity, text: string, urn: string): Promise<void> {
    return new Promise((resolve) => {
      if (client === undefined) {
        resolve();
        return;
      }
      const request = new LogRequest().setSeverity(severity).setMessage(text).setUrn(urn);
      client.log(request, new Metadata(), { deadline: Date.now() + TIMEOUT_MS }, () => {
        resolve();
      });
    });
  }

  return {
    connect: (address) => {
      client?.close();
      // The engine is on this machine, and gRPC would otherwise use the proxy that the environment names.
      client = new EngineClient(address, credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
    },
    under: (urn) => {
      let last = Promise.resolve();
      const append = (severity: LogSeverity) => (text: string) => {
        last = last.then(() => send(severity, text, urn));
      };
      return { info: append(LogSeverity.INFO), warn: append(LogSeverity.WARNING), delivered: () => last };
    },
  };
}
