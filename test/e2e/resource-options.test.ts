import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { IpsecTunnelPsk, type IpsecTunnelPskArgs } from "../../src";
import { closeWithoutLeaks, startEngine, type TestEngine } from "../support/engine";

let engine: TestEngine;
let ipsecTunnelId: string;

beforeEach(async () => {
  engine = await startEngine();
  ipsecTunnelId = engine.simulator.addTunnel();
});

afterEach(() => closeWithoutLeaks(engine));

function key(options: CustomResourceOptions, args: Partial<IpsecTunnelPskArgs> = {}): PulumiFn {
  return () => {
    const { accountId } = engine.simulator;
    const { psk } = new IpsecTunnelPsk("branch-1", { accountId, ipsecTunnelId, ...args }, options);
    return Promise.resolve({ psk });
  };
}

// The docs say of each option whether it has an effect.
describe("IpsecTunnelPsk on the engine", () => {
  it("ignores customTimeouts, and warns in the preview that operationTimeoutMs is what counts", async () => {
    engine.simulator.fault({ kind: "delay", ms: 2_000, before: "response" }, { operations: ["generate"] });
    const program = key({ customTimeouts: { create: "1s" } });

    const preview = await engine.preview(program);
    const up = await engine.up(program);

    expect(preview.text).toMatch(
      /IpsecTunnelPsk \(branch-1\):\n {4}warning: customTimeouts has no effect: .* cloudflare-ipsec-psk:operationTimeoutMs /,
    );
    expect(up.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(ipsecTunnelId));
  });

  it("runs the installed package even if version and pluginDownloadURL name another one", async () => {
    const up = await engine.up(key({ version: "0.0.1", pluginDownloadURL: "https://nothing.invalid" }));

    expect(up.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(ipsecTunnelId));
  });

  it("sends nothing when it is deleted with retainOnDelete, as without it", async () => {
    await engine.up(key({ retainOnDelete: true }));
    const active = engine.simulator.keyAtEdge(ipsecTunnelId);
    engine.simulator.clearRequests();

    await engine.destroy();

    expect(engine.simulator.requests()).toEqual([]);
    expect(engine.simulator.keyAtEdge(ipsecTunnelId)).toBe(active);
  });

  it("is replaced by replaceOnChanges if an argument changed, and updated if someone else rotated the key", async () => {
    const options = { replaceOnChanges: ["*"] };
    const quarter = (value: string) => key(options, { rotationTriggers: { quarter: value } });
    await engine.up(quarter("2026-Q3"));

    const changed = await engine.up(quarter("2026-Q4"));
    engine.simulator.rotate(ipsecTunnelId);
    const rotated = await engine.up(quarter("2026-Q4"), { refresh: true });

    expect([changed.steps, rotated.steps]).toEqual([
      { replace: 1, same: 1 },
      { same: 1, update: 1 },
    ]);
  });
});
