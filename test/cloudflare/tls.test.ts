import { createSecureServer } from "node:http2";
import { createServer as createPlainServer } from "node:http";
import { createServer, type ServerOptions } from "node:https";
import type { Server } from "node:net";
import { findIpsecTunnel } from "../../src/cloudflare/ipsec-tunnels";
import { createDispatcher } from "../../src/cloudflare/dispatcher";
import { createAuthority, createCertificate } from "../support/certificates";
import { rejectionOf } from "../support/failure-of";
import { listenOnLoopback } from "../support/loopback-server";
import { testClient } from "../support/test-client";

const tunnel = { accountId: "0".repeat(32), ipsecTunnelId: "1".repeat(32) };
const names = ["HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]);

describe("what is presented instead of Cloudflare's certificate", () => {
  const before = { ...process.env };

  beforeAll(() => {
    for (const name of names) Reflect.deleteProperty(process.env, name);
  });

  afterAll(() => {
    Object.assign(process.env, before);
  });

  afterEach(() => {
    for (const name of names) Reflect.deleteProperty(process.env, name);
  });

  const name = "Interception";
  const authority = createAuthority(name);
  const host = createCertificate(authority, name);

  /** Reads a tunnel, with the usual repeats; returns its failure. */
  async function failureAt(baseUrl: string) {
    const test = testClient(baseUrl, { dispatcher: createDispatcher(new URL(baseUrl)) });
    try {
      const { code, nextStep, details } = await rejectionOf(findIpsecTunnel(test.client, tunnel, test.options));
      return { code, nextStep, ...details, repeats: test.waits.length };
    } finally {
      await test.close();
    }
  }

  async function failureWith(server: Server) {
    const peer = await listenOnLoopback(server);
    try {
      return await failureAt(`https://127.0.0.1:${peer.port}`);
    } finally {
      await peer.close();
    }
  }

  it.each<[string, ServerOptions, string]>([
    [
      "signed by itself",
      authority,
      "Node.js does not trust the certificate that was presented, DEPTH_ZERO_SELF_SIGNED_CERT",
    ],
    [
      "of an authority that it sends",
      { ...host, cert: host.cert + authority.cert },
      "Node.js does not trust the certificate that was presented, SELF_SIGNED_CERT_IN_CHAIN",
    ],
    [
      "of an authority that it keeps",
      host,
      "Node.js does not trust the certificate that was presented, UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ],
  ])("is named with NODE_EXTRA_CA_CERTS, once: %s", async (_what, options, reason) => {
    const failure = await failureWith(createServer(options));

    expect(failure).toMatchObject({ code: "ERR_UNREACHABLE", nextStep: "fix", repeats: 0 });
    expect(failure.summary).toContain(`Cloudflare could not be reached (${reason})`);
    expect(failure.remedy).toContain("set NODE_EXTRA_CA_CERTS to a PEM file");
    expect(failure.remedy).toContain("Nothing was sent.");
  });

  it("is named if an https proxy presents it", async () => {
    const proxy = await listenOnLoopback(createServer(authority));
    process.env.HTTPS_PROXY = `https://127.0.0.1:${proxy.port}`;
    const failure = await failureAt("https://api.example.invalid");
    await proxy.close();

    expect(failure).toMatchObject({ code: "ERR_UNREACHABLE", nextStep: "fix", repeats: 0 });
    expect(failure.summary).toContain("the proxy cannot be reached: Node.js does not trust the certificate");
  });

  it.each<[string, () => Server, string]>([
    ["speaks only HTTP/2", () => createSecureServer(authority), "what responds there does not speak HTTP/1.1"],
    [
      "does not speak TLS",
      () => createPlainServer(),
      "what responds there does not speak TLS, ERR_SSL_WRONG_VERSION_NUMBER",
    ],
    ["speaks only an old TLS", () => createServer({ ...authority, maxVersion: "TLSv1.1", minVersion: "TLSv1" }), ""],
  ])("is described without OpenSSL's internals, for what %s", async (_what, create, reason) => {
    const { code, summary } = await failureWith(create());

    expect(code).toBe("ERR_UNREACHABLE");
    expect(summary).toContain(reason);
    expect(summary).not.toMatch(/\n|openssl|SSL routines|\.c:\d/i);
  });
});
