import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { hasExited } from "../../src/connection/engine-alive";
import { type Simulator, startSimulator } from "../../src/simulator";
import { connectPlugin, PLUGIN, startFakeEngine } from "../support/native-plugin";
import { descendantsOf, isAlive, kill, type Process } from "../support/processes";
import { waitUntil } from "../support/wait-until";

const URN = "urn:pulumi:dev::demo::cloudflare-ipsec-psk:index:IpsecTunnelPsk::branch-1";

const LIMIT_MS = 5_000;

/** How an engine starts the plugin. */
type Way = "directly" | "launcher" | "without input" | "input closed before";

describe("a plugin whose engine is killed with SIGKILL", () => {
  let simulator: Simulator;
  let load: ChildProcess[];
  let everStarted: Process[] = [];

  // As busy as a machine can be: more work than processors.
  beforeEach(async () => {
    simulator = await startSimulator();
    load = Array.from({ length: 2 }, () => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
  });

  afterEach(async () => {
    for (const { pid } of load) if (pid !== undefined) kill(pid);
    for (const each of everStarted.filter(isAlive)) kill(each.id);
    await simulator.close();
  });

  /** Kills an engine. Returns whether the orphan has generated a key, and how many milliseconds it lived. */
  async function orphan(way: Way): Promise<{ readonly hasGenerated: boolean; readonly livedMs: number }> {
    const engine = fork(join(__dirname, "../support/fake-engine.cjs"), [way, PLUGIN], { execArgv: [] });
    const [{ port }] = (await once(engine, "message")) as [{ readonly port: number }];
    const plugin = connectPlugin(port);
    await plugin.configure({ apiToken: simulator.apiToken, baseUrl: simulator.url });
    const ipsecTunnelId = simulator.addTunnel();
    const started = descendantsOf(engine.pid ?? 0);
    everStarted = [...everStarted, ...started];
    const exited = once(engine, "exit");
    engine.kill("SIGKILL");
    await exited;
    const killedAt = Date.now();

    // Another user of the machine offers an engine of theirs, and asks for a key.
    const other = await startFakeEngine();
    await plugin.attach(other.address).catch(() => undefined);
    await plugin.handshake(other.address).catch(() => undefined);
    await plugin.create(URN, { accountId: simulator.accountId, ipsecTunnelId }).catch(() => undefined);
    // Cheaper than a list of processes: nothing but its exit closes the plugin's port.
    while (Date.now() - killedAt < LIMIT_MS && !(await hasExited(`127.0.0.1:${port}`)));
    await waitUntil("the plugin has exited", () => !started.some(isAlive), LIMIT_MS);
    plugin.client.close();
    await other.close();
    return { hasGenerated: simulator.keyAtEdge(ipsecTunnelId) !== undefined, livedMs: Date.now() - killedAt };
  }

  it("exits within 5 s, 20 times of 20, and generates nothing for any caller", async () => {
    const ways: readonly Way[] = ["directly", "launcher", "without input", "input closed before"];
    for (let round = 1; round <= 5; round++) {
      for (const { hasGenerated, livedMs } of await Promise.all(ways.map(orphan))) {
        expect(hasGenerated).toBe(false);
        expect(livedMs).toBeLessThan(LIMIT_MS);
      }
    }
  });
});

describe("a plugin that no engine started", () => {
  let child: ChildProcess;

  afterEach(() => child.kill());

  it.each<[string, "ignore" | "pipe"]>([
    ["/dev/null", "ignore"],
    ["a closed pipe", "pipe"],
  ])("serves one engine after another, with its input from %s", async (_what, stdin) => {
    child = spawn(PLUGIN, [], { stdio: [stdin, "pipe", "inherit"] });
    child.stdin?.end();
    const [line] = (await once(child.stdout ?? child, "data")) as [Buffer];
    const plugin = connectPlugin(Number(line));
    const simulator = await startSimulator();
    await plugin.configure({ apiToken: simulator.apiToken, baseUrl: simulator.url });
    const ipsecTunnelId = simulator.addTunnel();
    const create = () => plugin.create(URN, { accountId: simulator.accountId, ipsecTunnelId });

    const first = await startFakeEngine();
    await plugin.attach(first.address);
    await create();
    await first.close();
    await expect(create()).rejects.toThrow("ERR_ENGINE_GONE");
    const second = await startFakeEngine();
    await plugin.attach(second.address);
    await expect(create()).resolves.toBeDefined();

    await second.close();
    await simulator.close();
    plugin.client.close();
  });
});
