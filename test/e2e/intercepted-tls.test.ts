import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { type Simulator, startSimulator } from "../../src/simulator";
import { createAuthority } from "../support/certificates";
import { KINDS, openBackend, type Outcome, type TestBackend } from "../support/engine";
import { listenOnLoopback, type LoopbackServer } from "../support/loopback-server";

const WARNING = "NODE_TLS_REJECT_UNAUTHORIZED is 0, so no certificate is verified";

describe.each(KINDS)("behind a proxy that intercepts TLS ($kind)", ({ Key, namespace, plugins }) => {
  let folder: string;
  let simulator: Simulator;
  let interception: LoopbackServer;
  let backend: TestBackend;
  let ipsecTunnelId: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "intercepted-"));
    const authority = createAuthority("Interception");
    writeFileSync(join(folder, "ca.pem"), authority.cert);
    simulator = await startSimulator();
    ipsecTunnelId = simulator.addTunnel();
    interception = await listenOnLoopback(
      createServer(authority, (asked, response) => {
        const to = request(
          new URL(asked.url ?? "", simulator.url),
          { method: asked.method ?? "", headers: asked.headers },
          (answer) => {
            response.writeHead(answer.statusCode ?? 0, answer.headers);
            answer.pipe(response);
          },
        );
        asked.pipe(to);
      }),
    );
    backend = await openBackend();
  });

  afterEach(async () => {
    await backend.remove();
    await interception.close();
    await simulator.close();
    rmSync(folder, { recursive: true });
  });

  const keys: PulumiFn = () => {
    const { accountId } = simulator;
    new Key("branch-1", { accountId, ipsecTunnelId, validateInPreview: false });
    return Promise.resolve();
  };

  async function up(env: Readonly<Record<string, string>>): Promise<Outcome> {
    const { pathname } = new URL(simulator.url);
    const stack = await backend.createStack("dev", {
      plugins,
      env,
      config: {
        [`${namespace}:apiToken`]: { value: simulator.apiToken, secret: true },
        [`${namespace}:baseUrl`]: `https://127.0.0.1:${interception.port}${pathname}`,
      },
    });
    return stack.up(keys);
  }

  it("`pulumi up` names NODE_EXTRA_CA_CERTS, and sends nothing", async () => {
    const { succeeded, text } = await up({});

    expect(succeeded).toBe(false);
    expect(text).toContain("Node.js does not trust the certificate that was presented, DEPTH_ZERO_SELF_SIGNED_CERT");
    expect(text).toContain("set NODE_EXTRA_CA_CERTS to a PEM file");
    expect(simulator.requests()).toEqual([]);
  });

  it("`pulumi up` generates a key with NODE_EXTRA_CA_CERTS, and warns of nothing", async () => {
    const { succeeded, text } = await up({ NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") });

    expect(succeeded).toBe(true);
    expect(simulator.keyAtEdge(ipsecTunnelId)).toBeDefined();
    expect(text).not.toContain("NODE_TLS_REJECT_UNAUTHORIZED");
  });

  it("`pulumi up` warns once that NODE_TLS_REJECT_UNAUTHORIZED=0 verifies nothing", async () => {
    const { succeeded, events } = await up({ NODE_TLS_REJECT_UNAUTHORIZED: "0" });

    const lines = events.flatMap(({ diagnosticEvent }) => diagnosticEvent?.message ?? []);
    expect(succeeded).toBe(true);
    expect(lines.filter((line) => line.includes(WARNING))).toHaveLength(1);
  });
});
