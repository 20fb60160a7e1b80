import { withTimeout } from "../connection/sleep";
import { credentials, EngineClient, LogRequest, LogSeverity, Metadata, status } from "./protocol";

/** The lines of one call. The engine shows them in order, under the call's resource. */
export interface Lines {
  readonly info: (text: string) => void;
  readonly warn: (text: string) => void;
  /**
   * Waits until the engine has all of them, for at most 5 s in all. Await it before you respond to the call: after the response, the engine may have
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

// For all lines of a call. The engine takes one in about a millisecond; one that is stuck must not keep a received key from the engine.
const TIMEOUT_MS = 5_000;

/** An engine that takes lines. */
interface Channel {
  readonly client: EngineClient;
  /** Whether it has left a line unconfirmed. Later lines are sent, but not waited for. */
  isDeaf: boolean;
}

export function createEngineLog(): EngineLog {
  let channel: Channel | undefined;

  return {
    connect: (address) => {
      channel?.client.close();
      // The engine is on this machine, and gRPC would otherwise use the proxy that the environment names.
      const client = new EngineClient(address, credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
      channel = { client, isDeaf: false };
    },
    under: (urn) => {
      let last = Promise.resolve();
      const append = (severity: LogSeverity) => (text: string) => {
        const request = new LogRequest().setSeverity(severity).setMessage(text).setUrn(urn);
        last = last.then(() => (channel === undefined ? undefined : send(channel, request)));
      };
      const delivered = () =>
        withTimeout(TIMEOUT_MS, last, () => new Error("the engine is slow")).catch(() => {
          if (channel !== undefined) channel.isDeaf = true;
        });
      return { info: append(LogSeverity.INFO), warn: append(LogSeverity.WARNING), delivered };
    },
  };
}

/** Waits until the engine has a line, if it confirms any. A line that cannot be delivered does not fail the call. */
function send(channel: Channel, request: LogRequest): Promise<void> {
  return new Promise((resolve) => {
    channel.client.log(request, new Metadata(), { deadline: Date.now() + TIMEOUT_MS }, (error) => {
      channel.isDeaf ||= error?.code === status.DEADLINE_EXCEEDED;
      resolve();
    });
    if (channel.isDeaf) resolve();
  });
}
