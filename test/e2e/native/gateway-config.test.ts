import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { ExistingKeyArgs } from "../../../src";
import type { Dialect } from "../../../src/gateways";
import { closeWithoutLeaks, NATIVE, startEngine, type TestEngine } from "../../support/engine";

let engine: TestEngine;
let ipsecTunnelId: string;

beforeEach(async () => {
  engine = await startEngine({ kind: NATIVE });
  ipsecTunnelId = engine.simulator.addTunnel({ name: "branch-1" });
});

afterEach(() => closeWithoutLeaks(engine));

interface Wanted {
  readonly dialect?: Dialect;
  readonly cloudflareEndpoint?: string;
  readonly quarter?: string;
  /** Instead of a generated one. */
  readonly existingKey?: ExistingKeyArgs;
}

function program(wanted: Wanted = {}): PulumiFn {
  const { dialect = "strongswan", cloudflareEndpoint = "203.0.113.10", quarter = "Q3", ...others } = wanted;
  return () => {
    const { accountId } = engine.simulator;
    const { psk, fqdnId } = new NATIVE.Key("branch-1", {
      accountId,
      ipsecTunnelId,
      rotationTriggers: { quarter },
      ...others,
    });
    const args = { name: "branch-1", psk, fqdnId, cloudflareEndpoint, uplinkInterface: "wan1" };
    const router = NATIVE.render("router", dialect, { ...args, interfaceAddress: "10.0.0.0/31" });
    return Promise.resolve({ psk, text: router });
  };
}

const generations = () => engine.simulator.requests().filter(({ operation }) => operation === "generate");
const secretIn = (text: unknown) => Buffer.from(/secret = 0s(\S*)/.exec(String(text))?.[1] ?? "", "base64").toString();

/** Changes the stored text, as if an earlier release had rendered it. */
async function storeOtherText(): Promise<void> {
  const exported = await engine.automation.exportStack();
  const { resources } = exported.deployment as { resources: { urn: string; outputs: Record<string, unknown> }[] };
  const router = resources.find(({ urn }) => urn.endsWith("::router"));
  if (router === undefined) throw new Error("The state has no router");
  const { text } = router.outputs as { text: { plaintext: string } };
  text.plaintext = JSON.stringify("# the text of an earlier release");
  await engine.automation.importStack(exported);
}

describe("GatewayConfig on the engine", () => {
  it("gives the whole text with the active key in it, as a secret, and changes nothing if nothing changed", async () => {
    const up = await engine.up(program());
    const again = await engine.up(program());

    expect(up.outputs.text?.secret).toBe(true);
    expect(secretIn(up.outputs.text?.value)).toBe(engine.simulator.keyAtEdge(ipsecTunnelId));
    expect(again.steps).toEqual({ same: 3 });
  });

  it("is updated in place by a rotation, whose preview shows no key", async () => {
    await engine.up(program());

    const preview = await engine.preview(program({ quarter: "Q4" }), { diff: true });
    const up = await engine.up(program({ quarter: "Q4" }));

    expect(preview.steps).toEqual({ same: 1, update: 2 });
    expect(up.steps).toEqual({ same: 1, update: 2 });
    expect(secretIn(up.outputs.text?.value)).toBe(engine.simulator.keyAtEdge(ipsecTunnelId));
  });

  it("fails the preview for every mistake in what is known, before a key is generated", async () => {
    const preview = await engine.preview(program({ dialect: "vyos", cloudflareEndpoint: "none" }));

    expect(preview.succeeded).toBe(false);
    expect(preview.text).toMatch(/GatewayConfig.*'router'.*Cannot render a VyOS configuration: /);
    expect(preview.text).toContain("- cloudflareEndpoint must be a unicast IPv4 address");
    expect(generations()).toEqual([]);
  });

  it("fails with the field and the reason if a dialect cannot take the key, which stays in its own resource", async () => {
    const psk = "fake-key-with-a-\\-for-tests";
    const lastGeneratedOn = "2026-01-01T00:00:00Z";
    ipsecTunnelId = engine.simulator.addTunnel({ psk, lastGeneratedOn });

    const up = await engine.up(program({ dialect: "fortios", existingKey: { psk, lastGeneratedOn } }));

    expect(up.succeeded).toBe(false);
    expect(up.text).toMatch(/Cannot render a FortiOS configuration: [^]*\n *- psk must /);
    expect(await engine.stored("branch-1")).toEqual({ psk, status: "active" });
    expect(engine.leaks([psk])).toEqual([]);
  });

  it("renders again with the text of a new release, in place and without a request", async () => {
    const first = await engine.up(program());
    await storeOtherText();
    engine.simulator.clearRequests();

    const preview = await engine.preview(program());
    const up = await engine.up(program());

    expect(preview.steps).toEqual({ same: 2, update: 1 });
    expect(preview.text).toMatch(/GatewayConfig router update \[diff: ~text\]/);
    expect(up.outputs.text).toEqual(first.outputs.text);
    expect(generations()).toEqual([]);
  });

  it("stays as it is in a refresh, and goes with a destroy", async () => {
    await engine.up(program());

    const [refresh, destroy] = [await engine.refresh(), await engine.destroy()];

    expect(refresh.steps).toEqual({ same: 3 });
    expect(destroy.steps).toEqual({ delete: 3 });
  });
});
