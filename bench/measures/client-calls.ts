import { nextResult, runChild, startChild } from "../processes/child";
import type { ClientLoadInput, ClientName } from "../processes/client-load";
import type { Scale } from "../scale";
import { type Recorder, turns } from "./recorder";

const CLIENTS: readonly ClientName[] = ["ours", "undici", "cloudflare"];

/** Measures generations per second of one process, 16 in parallel, with a server that sends a constant response. */
export async function measureClientCalls({ record }: Recorder, { rounds, seconds }: Scale["client"]): Promise<void> {
  const server = startChild("constant-server.ts", {});
  try {
    const baseUrl = await nextResult<string>(server);
    for (const client of turns(CLIENTS, rounds)) {
      const input: ClientLoadInput = { client, baseUrl, seconds };
      record({ measure: "callsPerSecond", who: client, value: await runChild<number>("client-load.ts", input) });
    }
  } finally {
    server.disconnect();
  }
}
