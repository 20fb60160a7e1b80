import { MagicWanIpsecTunnel, type MagicWanIpsecTunnelArgs } from "@pulumi/cloudflare";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { IpsecTunnelPsk } from "../../src";
import { CLOUDFLARE_PLUGIN } from "../support/cloudflare-plugin";
import { closeWithoutLeaks, startEngine, type TestEngine } from "../support/engine";

const OWN_PSK = "a-fake-psk-of-the-tunnel-resource";
const WARNING = /IpsecTunnelPsk \(key\):\n {4}warning: The tunnel resource "branch" sets its own psk/;

let engine: TestEngine;

beforeEach(async () => {
  engine = await startEngine({ plugins: { cloudflare: CLOUDFLARE_PLUGIN } });
});

afterEach(() => closeWithoutLeaks(engine, [OWN_PSK]));

function program(psk: () => MagicWanIpsecTunnelArgs["psk"]): PulumiFn {
  return () => {
    const { accountId } = engine.simulator;
    const addresses = { cloudflareEndpoint: "203.0.113.1", interfaceAddress: "10.213.0.8/31" };
    const tunnel = new MagicWanIpsecTunnel("branch", { accountId, name: "branch", ...addresses, psk: psk() });
    new IpsecTunnelPsk("key", { accountId, ipsecTunnelId: tunnel.id.apply((id) => id.trim()) });
    return Promise.resolve({});
  };
}

describe("a preview of a key whose tunnel resource", () => {
  it("sets its own psk warns, names the resource, and says what to do", async () => {
    const preview = await engine.preview(program(() => OWN_PSK));

    expect(preview.text).toMatch(WARNING);
    expect(preview.text).toContain('What to do: remove psk from "branch"');
  });

  it("sets a psk that is known only after up warns too", async () => {
    const ipsecTunnelId = engine.simulator.addTunnel();
    const { accountId } = engine.simulator;

    const preview = await engine.preview(program(() => new IpsecTunnelPsk("other", { accountId, ipsecTunnelId }).psk));

    expect(preview.text).toMatch(WARNING);
  });

  it("sets no psk does not warn", async () => {
    const preview = await engine.preview(program(() => undefined));

    expect(preview.succeeded).toBe(true);
    expect(preview.text).not.toContain("its own psk");
  });
});
