import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { IpsecTunnelPsk, type IpsecTunnelPskArgs } from "../../src";
import { closeWithoutLeaks, type EngineOptions, startEngine, type TestEngine } from "../support/engine";

const OLD = "old-value-that-is-secret";
const NEW = "new-value-that-is-public";

let engine: TestEngine;
let tunnelId: string;

async function start(options: EngineOptions = {}): Promise<void> {
  engine = await startEngine(options);
  tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
}

afterEach(() => closeWithoutLeaks(engine, [OLD]));

function key(args: () => Partial<IpsecTunnelPskArgs>): PulumiFn {
  return () => {
    const { accountId } = engine.simulator;
    new IpsecTunnelPsk("key-001", { accountId, ipsecTunnelId: tunnelId, ...args() });
    return Promise.resolve({});
  };
}

const SECRETS: [string, () => IpsecTunnelPskArgs["rotationTriggers"]][] = [
  ["a secret trigger", () => ({ ticket: pulumi.secret(OLD) })],
  ["a trigger in a secret map", () => pulumi.secret({ ticket: OLD })],
];

// If these fail, afterEach() fails too: it searches everything that the engine wrote.
describe.each(SECRETS)("a preview after %s", (_what, secret) => {
  beforeEach(async () => {
    await start();
    await engine.up(key(() => ({ rotationTriggers: secret() ?? {} })));
  });

  it("does not show the old value when the trigger is removed", async () => {
    const preview = await engine.preview(
      key(() => ({})),
      { diff: true },
    );

    expect(preview.text).toMatch(/rotationTriggers\.ticket was removed[.;]/);
  });

  it("does not show the old value when the new one is public", async () => {
    const preview = await engine.preview(
      key(() => ({ rotationTriggers: { ticket: NEW } })),
      { diff: true },
    );

    expect(preview.text).toContain("rotationTriggers.ticket changed.");
  });
});

describe("a preview of a secret trigger", () => {
  beforeEach(() => start());

  it("does not show the value when the old one is public", async () => {
    await engine.up(key(() => ({ rotationTriggers: { ticket: NEW } })));

    const preview = await engine.preview(key(() => ({ rotationTriggers: { ticket: pulumi.secret(OLD) } })));

    expect(preview.text).toContain("rotationTriggers.ticket changed.");
  });

  it("does not show an age that is secret", async () => {
    tunnelId = engine.simulator.addTunnel({ lastGeneratedOn: "2020-01-01T00:00:00Z" });
    const psk = engine.simulator.keyAtEdge(tunnelId) ?? "";
    await engine.up(key(() => ({ existingKey: { psk, lastGeneratedOn: "2020-01-01T00:00:00Z" } })));

    const preview = await engine.preview(key(() => ({ rotateAfterDays: pulumi.secret(1_234) })));

    expect(preview.text).toContain("the key has reached the age in rotateAfterDays, which is a secret");
    expect(preview.text).not.toMatch(/1234|1,234/);
  });
});

describe("an update that loses its key", () => {
  it("keeps a secret trigger encrypted, even if the new one is public", async () => {
    await start({ internal: { maxGenerations: 1 } });
    await engine.up(key(() => ({ rotationTriggers: { ticket: pulumi.secret(OLD) } })));
    engine.simulator.fault({ kind: "reset", effect: true }, { operations: ["generate"], times: Infinity });

    const up = await engine.up(key(() => ({ rotationTriggers: { ticket: NEW } })));

    expect(up.succeeded).toBe(false);
    // afterEach() searches the state. Here: that the value is in it.
    expect(await engine.exportWithSecrets()).toContain(OLD);
  });
});
