import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { describeUnexpected } from "../../src/native/unexpected";
import { type Simulator, startSimulator } from "../../src/simulator";
import { type NativePlugin, secretOnWire, startNativePlugin, type WireProperties } from "../support/native-plugin";
import { waitUntil } from "../support/wait-until";

const URN = "urn:pulumi:dev::demo::cloudflare-ipsec-psk:index:IpsecTunnelPsk::branch-1";

// Something in the process throws what nothing handles, when the test asks for it.
const MISHAPS = {
  "an exception": "process.on('SIGUSR2', () => { throw new RangeError('fake-secret\\nin a message'); });",
  "a rejected promise": "process.on('SIGUSR2', () => { Promise.reject(new RangeError('fake-secret')); });",
  "two failures": "process.on('SIGUSR2', () => { Promise.reject(new RangeError('a')); throw new RangeError('b'); });",
};

describe("the plugin, after a failure that nothing handles", () => {
  let folder: string;
  let simulator: Simulator;
  let plugin: NativePlugin;
  let inputs: WireProperties;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "mishap-"));
    simulator = await startSimulator();
    inputs = { accountId: simulator.accountId, ipsecTunnelId: simulator.addTunnel() };
  });

  afterEach(async () => {
    await plugin.close();
    await simulator.close();
    await rm(folder, { recursive: true });
  });

  async function start(mishap: string): Promise<void> {
    const preload = join(folder, "mishap.cjs");
    writeFileSync(preload, mishap);
    plugin = await startNativePlugin({ env: { NODE_OPTIONS: `--require=${preload}` } });
    await plugin.configure({ apiToken: secretOnWire(simulator.apiToken), baseUrl: simulator.url });
  }

  const generations = () => simulator.requests().filter(({ operation }) => operation === "generate").length;

  it.each(Object.entries(MISHAPS))(
    "delivers the key that is in flight, refuses new work, and exits: %s",
    async (_what, mishap) => {
      await start(mishap);
      simulator.fault({ kind: "delay", ms: 1_000, before: "response" }, { operations: ["generate"] });
      const exited = once(plugin.process, "exit");
      const creating = plugin.create(URN, inputs);
      await waitUntil("the generation is sent", () => generations() === 1);
      plugin.process.kill("SIGUSR2");
      const refusals: unknown[] = [];
      await waitUntil("new work is refused", () => {
        plugin.handshake("").catch((error: unknown) => refusals.push(error));
        return refusals.length > 0;
      });

      expect(refusals[0]).toMatchObject({ code: status.UNAVAILABLE });
      expect((await creating).outputs.psk).toEqual(secretOnWire(simulator.keyAtEdge(String(inputs.ipsecTunnelId))));
      expect(await exited).toEqual([1, null]);
      expect(generations()).toBe(1);
      expect(await plugin.close()).toMatch(
        /^The plugin ends because of an unexpected failure: RangeError at .*mishap\.cjs.*\n$/,
      );
    },
  );

  it("ends the waits of what is in flight, and keeps the key of a response that comes", async () => {
    await start(MISHAPS["an exception"]);
    simulator.fault({ kind: "response", status: 429, headers: { "retry-after": "300" } }, { operations: ["generate"] });
    const exited = once(plugin.process, "exit");
    const creating = plugin.create(URN, inputs).catch((error: unknown) => error);
    await waitUntil("the generation is sent", () => generations() === 1);
    plugin.process.kill("SIGUSR2");

    expect(await creating).toMatchObject({ message: expect.stringContaining("ERR_CANCELLED") as string });
    expect(await exited).toEqual([1, null]);
  });
});

describe("describeUnexpected()", () => {
  it("names the kind and the place, and neither the message nor the source text", () => {
    const failure = new TypeError("fake-secret\n    at fake-secret");
    failure.stack =
      "TypeError: fake-secret\n    at fake-secret\n    at sendStatus (/plugin:14:20)\n    at done (/plugin:3:1)";

    expect(describeUnexpected(failure)).toBe(
      "The plugin ends because of an unexpected failure: TypeError at sendStatus (/plugin:14:20)",
    );
  });

  it.each(["fake-secret", undefined, { message: "fake-secret" }])("describes what is not an error: %j", (thrown) => {
    expect(describeUnexpected(thrown)).toBe(
      "The plugin ends because of an unexpected failure: a thrown value that is not an error at an unknown place",
    );
  });
});
