import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { Dispatcher } from "undici";
import type * as Dispatchers from "../../src/cloudflare/dispatcher";
import { createDispatcher } from "../../src/cloudflare/dispatcher";
import { listIpsecTunnels } from "../../src/cloudflare/ipsec-tunnels";
import type { IpsecTunnelPskError } from "../../src/errors";
import { type Simulator, startSimulator } from "../../src/simulator";
import { failureOf, rejectionOf } from "../support/failure-of";
import { listenOnLoopback, type LoopbackServer } from "../support/loopback-server";
import { testClient } from "../support/test-client";
import { fakeTimeouts } from "./fake-timeouts";

const FAR = "https://api.example.invalid/client/v4";

interface FakeProxy extends LoopbackServer {
  readonly requests: readonly string[];
  readonly authorizations: readonly (string | undefined)[];
}

/** A proxy that refuses, and records its requests. */
async function startProxy(refusal: string): Promise<FakeProxy> {
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    response.writeHead(502).end();
  });
  server.on("connect", (request, socket) => {
    requests.push(`CONNECT ${request.url ?? ""}`);
    authorizations.push(request.headers["proxy-authorization"]);
    // What comes after the refusal would be the request.
    socket.on("data", () => requests.push("data"));
    socket.end(refusal);
  });
  return { ...(await listenOnLoopback(server)), requests, authorizations };
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
  async function list(baseUrl: string, dispatcher: Dispatcher, timeoutMs = 2_000) {
    const { client, options } = testClient(baseUrl, { apiToken: simulator.apiToken, dispatcher });
    try {
      return await listIpsecTunnels(client, simulator.accountId, {
        ...options,
        maxAttempts: 1,
        timeoutMs,
      });
    } finally {
      await dispatcher.destroy();
    }
  }

  it("connects through HTTPS_PROXY", async () => {
    const { code } = await rejectionOf(list(FAR, createDispatcher(new URL(FAR))));

    expect(code).toBe("ERR_UNREACHABLE");
    expect(proxy.requests).toEqual(["CONNECT api.example.invalid:443"]);
  });

  it("connects through ALL_PROXY, even without a scheme, if HTTPS_PROXY is empty", async () => {
    process.env.HTTPS_PROXY = process.env.HTTP_PROXY = "";
    process.env.ALL_PROXY = `127.0.0.1:${proxy.port}`;

    await rejectionOf(list(FAR, createDispatcher(new URL(FAR))));

    expect(proxy.requests).toEqual(["CONNECT api.example.invalid:443"]);
  });

  it("does not connect through HTTP_PROXY", async () => {
    Reflect.deleteProperty(process.env, "HTTPS_PROXY");

    const { code } = await rejectionOf(list(FAR, createDispatcher(new URL(FAR))));

    expect([code, proxy.requests]).toEqual(["ERR_UNREACHABLE", []]);
  });

  it.each([
    ["user:fake-password", "user:fake-password"],
    ["us%40er:fake%3Apassword", "us@er:fake:password"],
    ["user", "user:"],
  ])("sends the proxy the credentials in its URL: %s", async (userinfo, credentials) => {
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

  it("connects directly if NO_PROXY names the host", async () => {
    process.env.NO_PROXY = "api.example.invalid";

    const { code } = await rejectionOf(list(FAR, createDispatcher(new URL(FAR))));

    expect(code).toBe("ERR_UNREACHABLE");
    expect(proxy.requests).toEqual([]);
  });

  it.each(["127.0.0.1", "localhost"])("never connects to this machine through a proxy: %s", async (host) => {
    const baseUrl = simulator.url.replace("127.0.0.1", host);

    expect(await list(baseUrl, createDispatcher(new URL(baseUrl)))).toEqual([]);

    expect(simulator.requests()).toHaveLength(1);
    expect(proxy.requests).toEqual([]);
  });

  it("gives up on a connection after 10 s, and reports that nothing was sent", async () => {
    fakeTimeouts();
    try {
      // undici's clock may already be running, by the real time.
      let create = createDispatcher;
      jest.isolateModules(() => {
        create = jest.requireActual<typeof Dispatchers>("../../src/cloudflare/dispatcher").createDispatcher;
      });
      const peer = createTcpServer();
      const connected = new Promise((resolve) => peer.once("connection", resolve));
      const silent = await listenOnLoopback(peer);
      // A server that accepts the connection, but never completes the TLS handshake.
      const baseUrl = `https://127.0.0.1:${silent.port}`;
      let failure: IpsecTunnelPskError | undefined;
      const dispatcher = create(new URL(baseUrl));
      const failing = rejectionOf(list(baseUrl, dispatcher, 60_000)).then((error) => {
        failure = error;
      });

      await connected;
      jest.advanceTimersByTime(9_000);
      await new Promise(setImmediate);
      expect(failure).toBeUndefined();
      jest.advanceTimersByTime(2_000);
      await failing;
      await silent.close();

      expect(failure?.code).toBe("ERR_UNREACHABLE");
      expect(failure?.details.summary).toContain("UND_ERR_CONNECT_TIMEOUT");
    } finally {
      jest.useRealTimers();
    }
  });

  describe("with a proxy that refuses or fails", () => {
    it.each(["403 Forbidden", "407 Proxy Authentication Required", "502 Bad Gateway"])(
      "reports that nothing was sent: %s",
      async (status) => {
        const refusing = await startProxy(`HTTP/1.1 ${status}\r\n\r\n`);
        process.env.HTTPS_PROXY = `http://127.0.0.1:${refusing.port}`;

        const { code, details } = await rejectionOf(list(FAR, createDispatcher(new URL(FAR))));
        await refusing.close();

        expect(code).toBe("ERR_UNREACHABLE");
        expect(details.summary).toContain(`the proxy refuses the connection: HTTP ${status.slice(0, 3)}`);
        expect(refusing.requests).toEqual(["CONNECT api.example.invalid:443"]);
      },
    );

    it("does not reveal the password of a proxy that cannot be reached", async () => {
      const gone = await startProxy("");
      await gone.close();
      process.env.HTTPS_PROXY = `http://user:fake-password@127.0.0.1:${gone.port}`;

      const { code, message } = await rejectionOf(list(FAR, createDispatcher(new URL(FAR))));

      expect(code).toBe("ERR_UNREACHABLE");
      expect(message).toContain("could not be reached (the proxy cannot be reached: connect ECONNREFUSED");
      expect(message).not.toContain("fake-password");
    });

    it("does not keep calling a proxy that hangs up", async () => {
      const hanging = await startProxy("");
      process.env.HTTPS_PROXY = `http://127.0.0.1:${hanging.port}`;

      const { code } = await rejectionOf(list(FAR, createDispatcher(new URL(FAR)), 200));
      await hanging.close();

      expect(code).toBe("ERR_UNREACHABLE");
      expect(hanging.requests.length).toBeLessThan(5);
    });
  });
});
