import { Agent } from "undici";
import { type CallOptions, type ClientOptions, type CloudflareClient, createClient } from "../../src/cloudflare/client";

export const fakeToken = "fake-token-for-tests-only";

/** A client that notes its waits instead of waiting. */
export interface TestClient {
  readonly client: CloudflareClient;
  /** Milliseconds that it was going to wait, in order. */
  readonly waits: readonly number[];
  /** What it had to say to the user. */
  readonly lines: readonly string[];
  readonly options: CallOptions;
  close(): Promise<void>;
}

/** With a token, no jitter, and short limits. */
export function testClient(baseUrl: string, changes: Partial<ClientOptions> & { apiToken?: string } = {}): TestClient {
  const { apiToken = fakeToken, dispatcher = new Agent(), ...rest } = changes;
  const waits: number[] = [];
  const lines: string[] = [];
  const client = createClient({
    baseUrl: new URL(baseUrl),
    credentials: { scheme: "apiToken", apiToken, origin: { name: "the test" } },
    dispatcher,
    userAgent: "tests/1.0",
    now: () => 0,
    random: () => 0,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    timeoutMs: 2_000,
    backoffMs: 1_000,
    ...rest,
  });
  return {
    client,
    waits,
    lines,
    options: { announce: (line) => lines.push(line) },
    close: () => dispatcher.destroy(),
  };
}
