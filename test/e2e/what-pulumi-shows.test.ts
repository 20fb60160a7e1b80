import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { IpsecTunnelPskArgs } from "../../src";
import { ROOT } from "../support/build";
import { KINDS, startEngine, type TestEngine } from "../support/engine";
import { findLeaks } from "../support/leaks";
import { processesWithHome } from "../support/processes";

const PSK = "kQ2xW7bM4Lr3TfZ9hJ8nV5cD1sG6pYAf";
const ANOTHER = "zX8vB3nM1qW6eR4tY9uI2oP7aS5dF0gH";
const REBUILDING_POLICY = join(ROOT, "test/support/policy-pack/rebuild-properties");

// The claims of SECURITY.md, so a failure may be good news: then Pulumi shows less, and the page has to say so.
describe.each(KINDS)("with the $kind provider, Pulumi", (kind) => {
  const { Key } = kind;
  let engine: TestEngine;
  let folder: string;
  let tunnelId: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pulumi-shows-"));
    engine = await startEngine({ kind, env: { POLICY_SAW: join(folder, "saw") } });
    tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
  });

  afterEach(async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  });

  function key(args: Partial<IpsecTunnelPskArgs> = { psk: PSK }, act: () => void = () => undefined): PulumiFn {
    return () => {
      const made = new Key("branch-1", { accountId: engine.simulator.accountId, ipsecTunnelId: tunnelId, ...args });
      made.psk.apply(act);
      return Promise.resolve({});
    };
  }

  const stateFile = () =>
    new Map([...engine.written()].filter(([path]) => path.endsWith(join("stacks", "demo", "dev.json"))));
  const isPlainInState = (secret: string) => findLeaks(stateFile(), [secret]).length > 0;

  it("shows psk in clear when an update violates a plan, and not in the plan itself", async () => {
    const plan = join(folder, "plan.json");
    await engine.preview(key(), { plan });

    const up = await engine.up(key({ psk: ANOTHER }), { plan });

    expect(up.succeeded).toBe(false);
    expect(up.text).toContain("violates plan: properties changed");
    expect([PSK, ANOTHER].map((psk) => up.text.includes(psk))).toEqual([true, true]);
    expect(await readFile(plan, "utf8")).not.toContain(PSK);
  });

  it("gives the configuration to the native plugin in its environment, and nothing of it to the dynamic provider", async () => {
    let environment = "";
    const look = () => {
      const [plugin] = processesWithHome(engine.automation.workspace.pulumiHome ?? "").filter(({ command }) =>
        command.includes(kind.process),
      );
      environment = readFileSync(`/proc/${String(plugin?.id)}/environ`, "utf8");
    };

    expect((await engine.up(key({}, look))).succeeded).toBe(true);

    expect(environment).toContain("PULUMI_CONFIG=");
    expect(environment.includes(engine.simulator.apiToken)).toBe(kind.kind === "native");
  });

  describe("a stack policy that builds the properties again without their marks", () => {
    const policies = { policyPacks: [REBUILDING_POLICY] };

    it("reads psk and the token in clear; the preview refuses, and stores nothing", async () => {
      const preview = await engine.preview(key(), policies);

      const saw = await readFile(join(folder, "saw"), "utf8");
      expect([PSK, engine.simulator.apiToken].map((secret) => saw.includes(secret))).toEqual([true, true]);
      expect(preview.succeeded).toBe(false);
      expect(preview.text).toContain("Cannot keep psk secret: the mark was removed after the arguments were checked");
      expect(engine.simulator.keyAtEdge(tunnelId)).toBeUndefined();
      expect(isPlainInState(PSK)).toBe(false);
    });

    it("gets a key into the state in plain text only past the preview of the dynamic provider; the next up encrypts it", async () => {
      const isDynamic = kind.kind === "dynamic";

      const up = await engine.up(key(), policies);

      expect(up.succeeded).toBe(isDynamic);
      expect(isPlainInState(PSK)).toBe(isDynamic);
      await engine.up(key());
      expect(isPlainInState(PSK)).toBe(false);
    });

    it("cannot remove the mark of a generated key; that of the token it can", async () => {
      expect((await engine.up(key({}), policies)).succeeded).toBe(true);

      expect(isPlainInState(engine.simulator.keyAtEdge(tunnelId) ?? "")).toBe(false);
      expect(isPlainInState(engine.simulator.apiToken)).toBe(true);
      await engine.up(key({}));
      expect(isPlainInState(engine.simulator.apiToken)).toBe(false);
    });
  });
});
