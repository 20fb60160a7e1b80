import type { LookupAddress } from "node:dns";
import type { Dispatcher } from "undici";
import { createDispatcher, type LookUp } from "../../src/cloudflare/dispatcher";
import { exchange } from "../../src/cloudflare/transport";
import { startStalledServer, type StalledServer } from "../support/stalled-server";

const HOST = "api.example.test";

describe("createDispatcher(), for a host with two addresses of each family,", () => {
  const names = ["HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]);
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  const servers: StalledServer[] = [];
  let dispatcher: Dispatcher | undefined;

  beforeEach(() => {
    for (const name of names) Reflect.deleteProperty(process.env, name);
  });

  afterEach(async () => {
    Object.assign(process.env, Object.fromEntries(Object.entries(before).filter(([, value]) => value !== undefined)));
    await dispatcher?.destroy();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  /** IPv6 leads nowhere. The first IPv4 address responds to the second attempt of the kernel, the other one refuses. */
  async function startHost(): Promise<{ port: number; addresses: LookupAddress[] }> {
    const slow = await startStalledServer("127.0.0.4", 0, 2_600);
    servers.push(slow);
    for (const host of ["127.0.0.2", "127.0.0.3"]) servers.push(await startStalledServer(host, slow.port, 600_000));
    return {
      port: slow.port,
      addresses: [
        { address: "::ffff:127.0.0.2", family: 6 },
        { address: "::ffff:127.0.0.3", family: 6 },
        { address: "127.0.0.4", family: 4 },
        { address: "127.0.0.5", family: 4 },
      ],
    };
  }

  const lookingUp =
    (addresses: LookupAddress[]): LookUp =>
    (_host, _options, done) => {
      setImmediate(done, null, addresses);
    };

  it("connects to the one that is slow, after the broken ones had their share of requestTimeoutMs", async () => {
    const { port, addresses } = await startHost();
    dispatcher = createDispatcher(new URL(`https://${HOST}`), {
      requestTimeoutMs: 8_000,
      lookUp: lookingUp(addresses),
    });
    const url = new URL(`http://${HOST}:${port}/`);

    const { body } = await exchange(
      dispatcher,
      { method: "GET", url, headers: {} },
      { timeoutMs: 8_000, maxBytes: 100 },
    );

    expect(body.toString()).toBe("reached");
  });

  it("gives a proxy with such addresses the same time", async () => {
    const { port, addresses } = await startHost();
    process.env.HTTPS_PROXY = `http://proxy.example.test:${port}`;
    dispatcher = createDispatcher(new URL(`https://${HOST}`), {
      requestTimeoutMs: 8_000,
      lookUp: lookingUp(addresses),
    });
    const url = new URL(`https://${HOST}/`);

    // The server is no proxy: it hangs up on CONNECT. But it was reached.
    await expect(
      exchange(dispatcher, { method: "GET", url, headers: {} }, { timeoutMs: 8_000, maxBytes: 100 }),
    ).rejects.toThrow("the proxy hung up");
  });
});
