import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { requireBuild, ROOT } from "../support/build";
import { listenOnLoopback } from "../support/loopback-server";

let started: ChildProcess[] = [];

beforeAll(requireBuild);

afterEach(() => {
  started.forEach((child) => child.kill("SIGKILL"));
  started = [];
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [join(ROOT, "dist/simulator/main.js"), ...args]);
  started.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, text }));
  return { child, ended, firstText: once(child.stdout, "data").then(() => text) };
}

describe("pulumi-cloudflare-ipsec-psk simulator", () => {
  it("prints what a Pulumi project needs, and the commands that set it", async () => {
    const text = await start("simulator").firstText;
    const [, url = ""] = /listens at (http:\/\/127\.0\.0\.1:\d+\/client\/v4) until you press Ctrl-C/.exec(text) ?? [];

    expect(text).toContain(`pulumi config set cloudflare:baseUrl ${url}\n`);
    expect(text).toMatch(/pulumi config set --secret cloudflare:apiToken \S+\n/);
    expect(text).toMatch(/pulumi config set accountId [0-9a-f]{32}\n/);
    expect(text).toMatch(/pulumi config set ipsecTunnelId [0-9a-f]{32}\n/);
  });

  it("rotates the tunnel's key by the request that it prints", async () => {
    const text = await start("simulator").firstText;
    const [, authorization = "", url = ""] = /curl -X POST -H "Authorization: (.+)" (\S+)/.exec(text) ?? [];

    const response = await fetch(url, { method: "POST", headers: { authorization } });

    expect(await response.json()).toMatchObject({ success: true, result: { psk: expect.any(String) as string } });
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends by itself after %s", async (signal) => {
    const { child, ended, firstText } = start("simulator");
    await firstText;

    child.kill(signal);

    expect((await ended).code).toBe(0);
  });

  it("says that a port is in use, and how the command is used", async () => {
    const server = await listenOnLoopback(createServer());

    const { code, text } = await start("simulator", "--port", String(server.port)).ended;
    await server.close();

    expect(code).toBe(1);
    expect(text).toMatch(/EADDRINUSE[^]*Usage: pulumi-cloudflare-ipsec-psk simulator/);
  });

  it.each([[["simulate"]], [[]], [["simulator", "--prot", "1"]], [["simulator", "--port", "http"]]])(
    "refuses %j",
    async (args) => {
      const { code, text } = await start(...args).ended;

      expect(code).toBe(1);
      expect(text).toContain("Usage:");
    },
  );

  it("shows how it is used", async () => {
    expect(await start("--help").ended).toEqual({ code: 0, text: expect.stringMatching(/^Usage:/) as string });
  });
});
