import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import { listenOnLoopback } from "./loopback-server";

/** The command `npx pulumi-cloudflare-ipsec-psk simulator`, and what it sent through a port of the test's own. */
export interface SimulatorProcess {
  /** Leads to the simulator. */
  readonly url: string;
  readonly apiToken: string;
  readonly accountId: string;
  readonly tunnelId: string;
  /** Returns the key that the tunnel got last, because the simulator shows each only once. */
  keyAtEdge(): string | undefined;
  issuedKeys(): readonly string[];
  /** Lists the generations that were more than a validation. */
  generations(): number;
  /** Rotates the key as someone else, by the request that the command prints. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

/** Runs the command in a project that has the package. */
export async function startSimulatorProcess(folder: string): Promise<SimulatorProcess> {
  const child = spawn("npx", ["--no", "pulumi-cloudflare-ipsec-psk", "simulator"], { cwd: folder, detached: true });
  const [printed] = (await once(child.stdout, "data")) as [Buffer];
  const introduction = printed.toString();
  const find = (pattern: RegExp) => pattern.exec(introduction)?.[1] ?? "";
  const origin = new URL(find(/listens at (\S+)/)).origin;
  const keys: string[] = [];

  const proxy = createServer((request, response) => {
    const { method, url = "", headers } = request;
    // Uncompressed, so that the keys can be read on their way.
    const options = { method, headers: { ...headers, "accept-encoding": "identity" } };
    const passed = httpRequest(`${origin}${url}`, options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      if (url.endsWith("/psk_generate")) void text(answer).then((body) => keys.push(...keysIn(body)));
    });
    request.pipe(passed);
  });
  const listener = await listenOnLoopback(proxy);
  const through = `http://127.0.0.1:${listener.port}`;

  return {
    url: `${through}/client/v4`,
    apiToken: find(/cloudflare:apiToken (\S+)/),
    accountId: find(/accountId (\S+)/),
    tunnelId: find(/ipsecTunnelId (\S+)/),
    keyAtEdge: () => keys.at(-1),
    issuedKeys: () => keys,
    generations: () => keys.length,
    async rotate() {
      const authorization = find(/"Authorization: ([^"]+)"/);
      const url = find(/curl -X POST .+ (http\S+)/).replace(origin, through);
      const { status } = await fetch(url, { method: "POST", headers: { authorization } });
      if (status !== 200) throw new Error(`The simulator answers ${status}`);
    },
    async close() {
      await listener.close();
      await end(child);
    },
  };
}

function keysIn(body: string): string[] {
  const { result } = JSON.parse(body) as { readonly result?: { readonly psk?: string } | null };
  return result?.psk === undefined ? [] : [result.psk];
}

// `npx` does not hand a signal on: the whole group gets it, as by Ctrl-C.
async function end(child: ChildProcess): Promise<void> {
  const closed = once(child, "close");
  if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
  await closed;
}
