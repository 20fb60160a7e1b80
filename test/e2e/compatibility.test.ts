import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { IpsecTunnelPsk, type IpsecTunnelPskArgs } from "../../src";
import { startEngine, type TestEngine } from "../support/engine";

/** How many of the next keys start with a hyphen, which neither AWS nor Azure accepts. */
let unsuited: number;
/** The keys that a resource was given that depends on the key. */
let seen: string[];
let engine: TestEngine;
let tunnelId: string;

beforeEach(async () => {
  unsuited = 0;
  seen = [];
  engine = await startEngine({ random });
  tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
});

afterEach(async () => {
  const leaks = engine.leaks();
  await engine.close();
  expect(leaks).toEqual([]);
});

/** The bytes of a key are those of its Base64, so the text decides on them. */
function random(size: number): Buffer {
  if (size !== 32) return randomBytes(size);
  const rest = randomBytes(21).toString("hex").slice(1);
  unsuited -= 1;
  return Buffer.from(`${unsuited >= 0 ? "-" : "f"}${rest}A`, "base64url");
}

function key(args: Partial<IpsecTunnelPskArgs> = {}): PulumiFn {
  return () => {
    const { accountId } = engine.simulator;
    const { psk, status } = new IpsecTunnelPsk("key-001", { accountId, ipsecTunnelId: tunnelId, ...args });
    if (!pulumi.runtime.isDryRun()) psk.apply((given) => seen.push(given));
    return Promise.resolve({ psk, status });
  };
}

const generations = () => engine.simulator.requests().filter(({ operation }) => operation === "generate").length;

describe("compatibleWith", () => {
  it("generates until a key suits, before anything that depends on it sees one", async () => {
    unsuited = 2;

    const up = await engine.up(key({ compatibleWith: ["aws", "azure"], validateInPreview: false }));

    expect(up.outputs.status?.value).toBe("active");
    expect(up.outputs.psk).toEqual({ value: engine.simulator.keyAtEdge(tunnelId), secret: true });
    expect(up.outputs.psk?.value).toMatch(/^[A-Za-z1-9]/);
    expect(generations()).toBe(3);
    expect([...new Set(seen)]).toEqual([up.outputs.psk?.value]);
    expect(up.text).toContain("key 2 of at most 8 does not suit AWS Site-to-Site VPN and Azure VPN Gateway");
  });

  it("gives up after eight keys and keeps the last one; the next up says why it generates, and does", async () => {
    unsuited = 8;
    const failed = await engine.up(key({ compatibleWith: ["azure"], validateInPreview: false }));
    const kept = engine.simulator.keyAtEdge(tunnelId);
    const preview = await engine.preview(key({ compatibleWith: ["azure"] }));
    const state = await engine.exportWithSecrets();
    const repaired = await engine.up(key({ compatibleWith: ["azure"], validateInPreview: false }));

    expect(failed.succeeded).toBe(false);
    expect(failed.text).toContain("as 8 were generated and none suits Azure VPN Gateway (ERR_UNSUITABLE_PSK)");
    expect(state).toContain(kept);
    expect(preview.text).toContain("the key in the state does not suit Azure VPN Gateway, which compatibleWith names");
    expect(repaired.succeeded).toBe(true);
    expect(repaired.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(tunnelId));
    expect(repaired.outputs.psk?.value).toMatch(/^[A-Za-z1-9]/);
    expect(seen).toEqual([repaired.outputs.psk?.value]);
    expect(generations()).toBe(9);
  });

  it("plans nothing for a stored key that suits, and a new one for a key that does not", async () => {
    await engine.up(key());
    const suits = await engine.up(key({ compatibleWith: ["aws"] }));
    engine.simulator.clearRequests();
    unsuited = 1;
    await engine.up(key({ rotationTriggers: { now: "1" }, validateInPreview: false }));
    const preview = await engine.preview(key({ rotationTriggers: { now: "1" }, compatibleWith: ["aws"] }));
    const replaced = await engine.up(key({ rotationTriggers: { now: "1" }, compatibleWith: ["aws"] }));

    expect(suits.steps).toEqual({ same: 2 });
    expect(preview.steps).toEqual({ same: 1, update: 1 });
    expect(preview.text).toContain("does not suit AWS Site-to-Site VPN");
    expect(replaced.outputs.psk?.value).toMatch(/^[A-Za-z1-9]/);
  });

  it("names what to do for a consumer that few keys suit, and sends nothing", async () => {
    const preview = await engine.preview(key({ compatibleWith: ["oci" as "aws"] }));

    expect(preview.succeeded).toBe(false);
    expect(preview.text).toContain("compatibleWith.0 must be");
    expect(preview.text).toContain("Let OCI make the key");
    expect(engine.simulator.requests()).toEqual([]);
  });
});
