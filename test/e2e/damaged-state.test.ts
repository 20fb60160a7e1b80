import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { IpsecTunnelPskArgs } from "../../src";
import { closeWithoutLeaks, KINDS, type Outcome, startEngine, type TestEngine } from "../support/engine";

interface StoredResource {
  readonly type: string;
  id: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

describe.each(KINDS)("with the $kind provider:", ({ Key, type, ...kind }) => {
  let engine: TestEngine;
  let ipsecTunnelId: string;

  beforeEach(async () => {
    engine = await startEngine({ kind: { Key, type, ...kind } });
    ipsecTunnelId = engine.simulator.addTunnel();
  });

  afterEach(() => closeWithoutLeaks(engine));

  function key(args: Partial<IpsecTunnelPskArgs> = {}): PulumiFn {
    return () => {
      new Key("branch-1", { accountId: engine.simulator.accountId, ipsecTunnelId, ...args });
      return Promise.resolve();
    };
  }

  async function edit(change: (resource: StoredResource) => void): Promise<void> {
    const exported = await engine.automation.exportStack();
    const { resources } = exported.deployment as { readonly resources: StoredResource[] };
    resources.filter((resource) => resource.type === type).forEach(change);
    await engine.automation.importStack(exported);
    engine.simulator.clearRequests();
  }

  const commands: readonly [string, () => Promise<Outcome>][] = [
    ["preview", () => engine.preview(key())],
    ["up", () => engine.up(key({ rotationTriggers: { quarter: "2026-Q4" } }))],
    ["refresh", () => engine.refresh()],
  ];

  it.each<[string, string, (resource: StoredResource) => void]>([
    [
      "an account that is a path",
      "accountId",
      ({ outputs }) => {
        outputs.accountId = "../../../evil";
      },
    ],
    [
      "a timestamp that is none",
      "lastGeneratedOn",
      ({ outputs }) => {
        outputs.lastGeneratedOn = "yesterday";
      },
    ],
    [
      "the ID of another tunnel",
      "id, which names another tunnel than accountId and ipsecTunnelId",
      (resource) => {
        resource.id = resource.id.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
      },
    ],
  ])("a state with %s fails every command but destroy, and nothing is sent for it", async (_what, name, change) => {
    await engine.up(key());
    await edit(change);

    for (const [command, run] of commands) {
      const outcome = await run();
      expect([command, outcome.succeeded]).toEqual([command, false]);
      expect(outcome.text).toContain(
        `Cannot read the stored state of IPsec tunnel ${ipsecTunnelId}: it is damaged in ${name} (ERR_INVALID_STATE)`,
      );
    }
    const destroy = await engine.destroy();

    expect(destroy.succeeded).toBe(true);
    expect(engine.simulator.requests()).toEqual([]);
  });

  it("inputs in the state that are damaged fail a refresh, and the next up writes good ones", async () => {
    await engine.up(key({ conduitId: "33145236" }));
    await edit(({ inputs }) => {
      inputs.conduitId = "../1";
    });

    const refresh = await engine.refresh();
    const up = await engine.up(key({ conduitId: "33145236" }));
    const again = await engine.refresh();

    expect(refresh.text).toContain("it is damaged in inputs.conduitId (ERR_INVALID_STATE)");
    expect([refresh.succeeded, up.succeeded, again.succeeded]).toEqual([false, true, true]);
  });
});
