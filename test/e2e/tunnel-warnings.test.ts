import { MagicWanIpsecTunnel, type MagicWanIpsecTunnelArgs } from "@pulumi/cloudflare";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { IpsecTunnelPsk, type IpsecTunnelPskArgs } from "../../src";
import type { SimulatorOptions } from "../../src/simulator";
import { CLOUDFLARE_PLUGIN } from "../support/cloudflare-plugin";
import { closeWithoutLeaks, startEngine, type TestEngine } from "../support/engine";

const OWN_PSK = "a-fake-psk-of-the-tunnel-resource";
const WARNING = /IpsecTunnelPsk \(key\):\n {4}warning: The tunnel resource "branch" sets its own psk/;

let engine: TestEngine;

async function start(simulator: SimulatorOptions = {}): Promise<void> {
  engine = await startEngine({ simulator, plugins: { cloudflare: CLOUDFLARE_PLUGIN } });
}

afterEach(() => closeWithoutLeaks(engine, [OWN_PSK]));

function newTunnel(name: string, args: Partial<MagicWanIpsecTunnelArgs>): MagicWanIpsecTunnel {
  const { accountId } = engine.simulator;
  const addresses = { cloudflareEndpoint: "203.0.113.1", interfaceAddress: "10.213.0.8/31" };
  return new MagicWanIpsecTunnel(name, { accountId, name, ...addresses, ...args });
}

/** A tunnel and its key. */
function program(
  tunnelArgs: () => Partial<MagicWanIpsecTunnelArgs>,
  keyArgs: (tunnel: MagicWanIpsecTunnel) => IpsecTunnelPskArgs = (tunnel) => ({ tunnel }),
): PulumiFn {
  return () => {
    new IpsecTunnelPsk("key", keyArgs(newTunnel("branch", tunnelArgs())));
    return Promise.resolve({});
  };
}

describe("a preview of a key whose tunnel resource", () => {
  beforeEach(() => start());

  it.each<[string, (tunnel: MagicWanIpsecTunnel) => IpsecTunnelPskArgs]>([
    ["is given as tunnel", (tunnel) => ({ tunnel })],
    [
      "is named by an output of its name",
      ({ accountId, name }) => ({ accountId, ipsecTunnelName: name.apply(String) }),
    ],
  ])("%s, and sets its own psk, warns, names the resource, and says what to do", async (_how, keyArgs) => {
    const preview = await engine.preview(program(() => ({ psk: OWN_PSK }), keyArgs));

    expect(preview.text).toMatch(WARNING);
    expect(preview.text).toContain(
      'What to do: remove psk (and ignoreChanges for it) from "branch", and change a rotation trigger in the same up. To keep that psk instead, remove this IpsecTunnelPsk.',
    );
  });

  it("sets a psk that is known only after up warns too", async () => {
    const ipsecTunnelId = engine.simulator.addTunnel();
    const { accountId } = engine.simulator;
    const psk = () => new IpsecTunnelPsk("other", { accountId, ipsecTunnelId }).psk;

    const preview = await engine.preview(program(() => ({ psk: psk() })));

    expect(preview.text).toMatch(WARNING);
  });

  it("sets no psk does not warn", async () => {
    const preview = await engine.preview(program(() => ({})));

    expect(preview.succeeded).toBe(true);
    expect(preview.text).not.toContain("warning:");
  });

  it("passes its id as ipsecTunnelId warns, and `up` creates the tunnel and refuses the key", async () => {
    const byId = program(
      () => ({}),
      ({ accountId, id }) => ({ accountId, ipsecTunnelId: id }),
    );

    const preview = await engine.preview(byId);
    const up = await engine.up(byId);
    const again = await engine.preview(byId);

    expect(preview.succeeded).toBe(true);
    expect(preview.text).toContain(
      'warning: ipsecTunnelId is the id of the tunnel resource "branch", which with @pulumi/cloudflare is the ID of the account. What to do: give tunnel instead of accountId and ipsecTunnelId.',
    );
    for (const { succeeded, text } of [up, again]) {
      expect(succeeded).toBe(false);
      expect(text).toContain("ipsecTunnelId is the ID of the account");
    }
    expect(engine.simulator.requests().map(({ operation }) => operation)).not.toContain("generate");
  });
});

describe("removing the psk of 8 tunnels, and changing a rotation trigger in the same `up`,", () => {
  const tunnels = Array.from({ length: 8 }, (_none, index) => `branch-${index + 1}`);

  it.each([true, false])("gives each a new key, with putNullRemovesKey: %p", async (putNullRemovesKey) => {
    await start({ assumptions: { putNullRemovesKey } });
    const all = (args: Partial<MagicWanIpsecTunnelArgs>, quarter: string): PulumiFn => {
      return () => {
        for (const name of tunnels)
          new IpsecTunnelPsk(name, { tunnel: newTunnel(name, args), rotationTriggers: { quarter } });
        return Promise.resolve({});
      };
    };
    await engine.up(all({ psk: OWN_PSK }, "Q3"));
    // This restores the psk of the tunnels.
    await engine.up(all({ psk: OWN_PSK, description: "updated" }, "Q3"));

    const preview = await engine.preview(all({ description: "updated" }, "Q4"));
    engine.simulator.clearRequests();
    const up = await engine.up(all({ description: "updated" }, "Q4"));

    expect(preview.text.match(/A new key will be generated/g)?.length).toBeGreaterThanOrEqual(8);
    expect([preview.steps, up.steps]).toEqual([
      { same: 1, update: 16 },
      { same: 1, update: 16 },
    ]);
    const generated = engine.simulator.requests().filter(({ operation }) => operation === "generate");
    const active = generated.map(({ tunnelId }) => engine.simulator.keyAtEdge(tunnelId ?? ""));
    const stored = await Promise.all(tunnels.map((name) => engine.stored(name)));
    expect(new Set(active).size).toBe(8);
    expect(stored.map((key) => key?.psk).sort()).toEqual(active.sort());
  });
});
