import { createServer } from "node:http";
import type { Dispatcher } from "undici";
import { createDispatcher } from "../../src/cloudflare/dispatcher";
import { listIpsecTunnels } from "../../src/cloudflare/ipsec-tunnels";
import { type Simulator, startSimulator } from "../../src/simulator";
import { failureOf, rejectionOf } from "../support/failure-of";
import { listenOnLoopback, type LoopbackServer } from "../support/loopback-server";
import { testClient } from "../support/test-client";

const FAR = "https://api.example.invalid/client/v4";

interface FakeProxy extends LoopbackServer {
  readonly asked: readonly string[];
  readonly authorizations: readonly (string | undefined)[];
}

/** A proxy that declines, and notes what it was asked for. */
async function startProxy(refuse: string): Promise<FakeProxy> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
    response.writeHead(502).end();
  });
  server.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url ?? ""}`);
    authorizations.push(request.headers["proxy-authorization"]);
    // Whatever comes after the refusal would be the request.
    socket.on("data", () => asked.push("data"));
    socket.end(refuse);
  });
  return { ...(await listenOnLoopback(server)), asked, authorizations };
}

describe("createDispatcher()", () => {
  const names = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]);
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  let simulator: Simulator;

  beforeEach(async () => {
    proxy = await startProxy("HTTP/1.1 403 Forbidden\r\n\r\n");
    simulator = await startSimulator();
    for (const name of names) Reflect.deleteProperty(process.env, name);
    process.env.HTTPS_PROXY = process.env.HTTP_PROXY = `http://127.0.0.1:${proxy.port}`;
  });

  afterEach(async () => {
    for (const name of names) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
    await simulator.close();
    await proxy.close();
  });

  /** Lists tunnels once, through a dispatcher. */
  async function list(baseUrl: string, dispatcher: Dispatcher, connectMs = 2_000) {
    const { client, options } = testClient(baseUrl, { apiToken: simulator.apiToken, dispatcher });
    try {
      return await listIpsecTunnels(client, simulator.accountId, {
        ...options,
        maxAttempts: 1,
        times: { connectMs, headersMs: 2_000, bodyMs: 2_000 },
      });
    } finally {
      await dispatcher.destroy();
    }
  }

  it("goes through HTTPS_PROXY", async () => {
    const { code } = await rejectionOf(list(FAR, createDispatcher(new URL(FAR))));

    expect(code).toBe("ERR_UNREACHABLE");
    expect(proxy.asked).toEqual(["CONNECT api.example.invalid:443"]);
  });

  it("goes through ALL_PROXY, given without a scheme, where HTTPS_PROXY is empty", async () => {
    process.env.HTTPS_PROXY = process.env.HTTP_PROXY = "";
    process.env.ALL_PROXY = `127.0.0.1:${proxy.port}`;

    await rejectionOf(list(FAR, createDispatcher(new URL(FAR))));

    expect(proxy.asked).toEqual(["CONNECT api.example.invalid:443"]);
  });

  it("does not go through HTTP_PROXY", async () => {
    Reflect.deleteProperty(process.env, "HTTPS_PROXY");

    const { code } = await rejectionOf(list(FAR, createDispatcher(new URL(FAR))));

    expect([code, proxy.asked]).toEqual(["ERR_UNREACHABLE", []]);
  });

  it.each([
    ["user:fake-password", "user:fake-password"],
    ["us%40er:fake%3Apassword", "us@er:fake:password"],
    ["user", "user:"],
  ])("gives the proxy the credentials of its URL: %s", async (userinfo, credentials) => {
    process.env.HTTPS_PROXY = `http://${userinfo}@127.0.0.1:${proxy.port}`;

    await rejectionOf(list(FAR, createDispatcher(new URL(FAR))));

    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from(credentials).toString("base64")}`]);
  });

  it("refuses a SOCKS proxy by name, before anything is sent", () => {
    process.env.HTTPS_PROXY = "socks5://127.0.0.1:1080";

    expect(failureOf(() => createDispatcher(new URL(FAR)))).toMatchObject({
      code: "ERR_INVALID_SETTING",
      message: expect.stringContaining("it is a SOCKS proxy") as string,
    });
  });

  it("does not where NO_PROXY names the host", async () => {
    process.env.NO_PROXY = "api.example.invalid";

    const { code } = await rejectionOf(list(FAR, createDispatcher(new URL(FAR))));

    expect(code).toBe("ERR_UNREACHABLE");
    expect(proxy.asked).toEqual([]);
  });

  it.each(["127.0.0.1", "localhost"])("never goes through a proxy to this machine: %s", async (host) => {
    const baseUrl = simulator.url.replace("127.0.0.1", host);

    expect(await list(baseUrl, createDispatcher(new URL(baseUrl)))).toEqual([]);

    expect(simulator.requests()).toHaveLength(1);
    expect(proxy.asked).toEqual([]);
  });

  describe("with a proxy that does not let it through", () => {
    it.each(["403 Forbidden", "407 Proxy Authentication Required", "502 Bad Gateway"])(
      "knows that nothing was sent: %s",
      async (status) => {
        const declining = await startProxy(`HTTP/1.1 ${status}\r\n\r\n`);
        process.env.HTTPS_PROXY = `http://127.0.0.1:${declining.port}`;

        const { code, details } = await rejectionOf(list(FAR, createDispatcher(new URL(FAR))));
        await declining.close();

        expect(code).toBe("ERR_UNREACHABLE");
        expect(details.summary).toContain(`the proxy refuses the connection: HTTP ${status.slice(0, 3)}`);
        expect(declining.asked).toEqual(["CONNECT api.example.invalid:443"]);
      },
    );

    it("keeps a proxy's password to itself when it cannot be reached", async () => {
      const gone = await startProxy("");
      await gone.close();
      process.env.HTTPS_PROXY = `http://user:fake-password@127.0.0.1:${gone.port}`;

      const { code, message } = await rejectionOf(list(FAR, createDispatcher(new URL(FAR))));

      expect(code).toBe("ERR_UNREACHABLE");
      expect(message).toContain("could not be reached: connect ECONNREFUSED");
      expect(message).not.toContain("fake-password");
    });

    it("does not ask it over and over when it hangs up", async () => {
      const hanging = await startProxy("");
      process.env.HTTPS_PROXY = `http://127.0.0.1:${hanging.port}`;

      const { code } = await rejectionOf(list(FAR, createDispatcher(new URL(FAR)), 200));
      await hanging.close();

      expect(code).toBe("ERR_UNREACHABLE");
      expect(hanging.asked.length).toBeLessThan(5);
    });
  });
});
