import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { closeWithoutLeaks, KINDS, type Outcome, startEngine, type TestEngine } from "../support/engine";

// Of a replacement that a user asks for, the engine tells neither the provider nor a hook.
describe.each(KINDS)("with the $kind provider:", (kind) => {
  let engine: TestEngine;
  let ipsecTunnelId: string;

  beforeEach(async () => {
    engine = await startEngine({ kind });
    ipsecTunnelId = engine.simulator.addTunnel();
  });

  afterEach(() => closeWithoutLeaks(engine));

  function key(quarter = "2026-Q3", options: CustomResourceOptions = {}): PulumiFn {
    return () => {
      const { accountId } = engine.simulator;
      const { psk } = new kind.Key("branch-1", { accountId, ipsecTunnelId, rotationTriggers: { quarter } }, options);
      return Promise.resolve({ psk });
    };
  }

  async function urn(): Promise<string> {
    const { deployment } = (await engine.automation.exportStack()) as { readonly deployment: unknown };
    const { resources } = deployment as {
      readonly resources: readonly { readonly type: string; readonly urn: string }[];
    };
    return resources.find(({ type }) => type === kind.type)?.urn ?? "";
  }

  it.each<[string, () => Promise<Outcome>]>([
    ["--replace", async () => engine.preview(key(), { replace: [await urn()] })],
    ["--target-replace", async () => engine.preview(key(), { replace: [await urn()], target: [await urn()] })],
    [
      "a taint",
      async () => {
        await engine.cli("state", "taint", await urn(), "--yes");
        return engine.preview(key());
      },
    ],
    ["replaceOnChanges", () => engine.preview(key("2026-Q4", { replaceOnChanges: ["rotationTriggers"] }))],
  ])("a preview with %s says that a replacement gets a new key", async (_what, preview) => {
    await engine.up(key());

    const { steps, text } = await preview();

    expect(steps.replace).toBe(1);
    expect(text).toContain(
      `A new key will be generated, active immediately: the resource of tunnel ${ipsecTunnelId} is new or is being replaced.`,
    );
    expect(text).toContain(
      "which up will replace. If this resource is being replaced (--replace, a taint, replaceOnChanges), that is what a replacement does.",
    );
  });
});
