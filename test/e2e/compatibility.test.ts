import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { IpsecTunnelPsk, type IpsecTunnelPskArgs } from "../../src";
import { closeWithoutLeaks, startEngine, type TestEngine } from "../support/engine";

/** How many of the next keys start with a hyphen, which neither AWS nor Azure accepts. */
let rejected: number;
/** The keys that reached a resource which depends on the key. */
let seen: string[];
let engine: TestEngine;
let tunnelId: string;

beforeEach(async () => {
  rejected = 0;
  seen = [];
  engine = await startEngine({ simulator: { random } });
  tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
});

afterEach(() => closeWithoutLeaks(engine));

/** Returns the bytes whose Base64 is the key that the test needs. */
function random(size: number): Buffer {
  if (size !== 32) return randomBytes(size);
  const rest = randomBytes(21).toString("hex").slice(1);
  rejected -= 1;
  return Buffer.from(`${rejected >= 0 ? "-" : "f"}${rest}A`, "base64url");
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
  it("regenerates the key until every consumer accepts it, before anything that depends on it sees one", async () => {
    rejected = 2;

    const up = await engine.up(key({ compatibleWith: ["aws", "azure"], validateInPreview: false }));

    expect(up.outputs.status?.value).toBe("active");
    expect(up.outputs.psk).toEqual({ value: engine.simulator.keyAtEdge(tunnelId), secret: true });
    expect(up.outputs.psk?.value).toMatch(/^[A-Za-z1-9]/);
    expect(generations()).toBe(3);
    expect([...new Set(seen)]).toEqual([up.outputs.psk?.value]);
    expect(up.text).toContain("key 2 of at most 8 is not compatible with AWS Site-to-Site VPN and Azure VPN Gateway");
  });

  it("fails after eight keys and keeps the last one; the next up says why it generates, and does", async () => {
    rejected = 8;
    const failed = await engine.up(key({ compatibleWith: ["azure"], validateInPreview: false }));
    const kept = engine.simulator.keyAtEdge(tunnelId);
    const preview = await engine.preview(key({ compatibleWith: ["azure"] }));
    const state = await engine.exportWithSecrets();
    const repaired = await engine.up(key({ compatibleWith: ["azure"], validateInPreview: false }));

    expect(failed.succeeded).toBe(false);
    expect(failed.text).toContain(
      "8 keys were generated, and none is compatible with Azure VPN Gateway (ERR_UNSUITABLE_PSK)",
    );
    expect(state).toContain(kept);
    expect(preview.text).toContain(
      "the key in the state is not compatible with Azure VPN Gateway, which compatibleWith names",
    );
    expect(repaired.succeeded).toBe(true);
    expect(repaired.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(tunnelId));
    expect(repaired.outputs.psk?.value).toMatch(/^[A-Za-z1-9]/);
    expect(seen).toEqual([repaired.outputs.psk?.value]);
    expect(generations()).toBe(9);
  });

  it("plans nothing for a stored key that AWS accepts, and a new key for one that it rejects", async () => {
    await engine.up(key());
    const accepted = await engine.up(key({ compatibleWith: ["aws"] }));
    engine.simulator.clearRequests();
    rejected = 1;
    await engine.up(key({ rotationTriggers: { now: "1" }, validateInPreview: false }));
    const preview = await engine.preview(key({ rotationTriggers: { now: "1" }, compatibleWith: ["aws"] }));
    const replaced = await engine.up(key({ rotationTriggers: { now: "1" }, compatibleWith: ["aws"] }));

    expect(accepted.steps).toEqual({ same: 2 });
    expect(preview.steps).toEqual({ same: 1, update: 1 });
    expect(preview.text).toContain("is not compatible with AWS Site-to-Site VPN");
    expect(replaced.outputs.psk?.value).toMatch(/^[A-Za-z1-9]/);
  });

  it("says what to do for a consumer that accepts few keys, and sends nothing", async () => {
    const preview = await engine.preview(key({ compatibleWith: ["oci" as "aws"] }));

    expect(preview.succeeded).toBe(false);
    expect(preview.text).toContain("compatibleWith.0 must be");
    expect(preview.text).toContain("Let OCI generate the key");
    expect(engine.simulator.requests()).toEqual([]);
  });
});
