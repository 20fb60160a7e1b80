import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { IpsecTunnelPskArgs } from "../../src";
import { closeWithoutLeaks, KINDS, startEngine, type TestEngine } from "../support/engine";

// AWS accepts no key that begins with a zero.
const KEY = "0afakekeyfortestsonlythatAWSrejects";

describe.each(KINDS)("with the $kind provider:", (kind) => {
  let engine: TestEngine;
  let ipsecTunnelId: string;
  /** The keys that the program knew in previews. */
  let known: string[];

  beforeEach(async () => {
    known = [];
    engine = await startEngine({ kind });
  });

  afterEach(() => closeWithoutLeaks(engine, [KEY]));

  function key(args: () => Partial<IpsecTunnelPskArgs>): PulumiFn {
    return () => {
      const { psk } = new kind.Key("branch-1", { accountId: engine.simulator.accountId, ipsecTunnelId, ...args() });
      if (pulumi.runtime.isDryRun()) psk.apply((value) => known.push(value));
      return Promise.resolve({ psk });
    };
  }

  // As an output of a resource that is not there yet.
  function later<T>(value: T): pulumi.Output<T> {
    return pulumi.output(pulumi.runtime.isDryRun() ? (pulumi.unknown as T) : value) as pulumi.Output<T>;
  }

  it("a preview says which input may plan a generation that is known only after up, and does not know the key", async () => {
    const lastGeneratedOn = new Date(Date.now() - 2 * 86_400_000).toISOString();
    ipsecTunnelId = engine.simulator.addTunnel({ id: "3".repeat(32), psk: KEY, lastGeneratedOn });
    await engine.up(key(() => ({ existingKey: { psk: KEY, lastGeneratedOn } })));
    const unknown: readonly (readonly [string, () => Partial<IpsecTunnelPskArgs>])[] = [
      ["compatibleWith", () => ({ compatibleWith: later(["aws"] as const) })],
      ["compatibleWith", () => ({ compatibleWith: [later("aws" as const)] })],
      ["rotateSpreadDays", () => ({ rotateAfterDays: 3, rotateSpreadDays: later(2) })],
      ["rotateAfterDays", () => ({ rotateAfterDays: later(1) })],
    ];

    for (const [name, args] of unknown) {
      const preview = await engine.preview(key(args));
      expect([name, preview.steps]).toEqual([name, { same: 1, update: 1 }]);
      expect(preview.text).toContain(`A new key may be generated, active immediately: ${name} is known only after up.`);
    }
    const up = await engine.up(key(() => ({ rotateAfterDays: later(1) })));

    expect(known).toEqual([]);
    expect(up.outputs.psk?.value).not.toBe(KEY);
    expect(up.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(ipsecTunnelId));
  });

  it("a preview says that a new resource may take over an existing key that is known only after up, or generate", async () => {
    ipsecTunnelId = engine.simulator.addTunnel();

    const preview = await engine.preview(key(() => ({ existingKey: later({ psk: KEY, lastGeneratedOn: "" }) })));

    expect(preview.text).toMatch(/A new key may be generated, .*; existingKey is known only after up\./);
    expect(known).toEqual([]);
  });
});
