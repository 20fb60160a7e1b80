import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { IpsecTunnelPskArgs } from "../../../src";
import { closeWithoutLeaks, DYNAMIC, type Kind, NATIVE, startEngine, type TestEngine } from "../../support/engine";

const TICKET = "a-fake-secret-trigger";

let engine: TestEngine;
let ipsecTunnelId: string;

beforeEach(async () => {
  engine = await startEngine({ kind: NATIVE });
  const { apiToken, url } = engine.simulator;
  await engine.configure({ "cloudflare:apiToken": { value: apiToken, secret: true }, "cloudflare:baseUrl": url });
  ipsecTunnelId = engine.simulator.addTunnel({ name: "branch-1" });
});

afterEach(() => closeWithoutLeaks(engine, [TICKET]));

/** A program with a secret trigger, and with one that rotates. */
function key({ Key }: Kind, quarter = "Q3", args: Partial<IpsecTunnelPskArgs> = {}): PulumiFn {
  return () => {
    const { accountId } = engine.simulator;
    const rotationTriggers = { ticket: pulumi.secret(TICKET), quarter };
    const { psk, fqdnId, status } = new Key("branch-1", { accountId, ipsecTunnelId, rotationTriggers, ...args });
    return Promise.resolve({ psk, fqdnId, status });
  };
}

const operations = () => engine.simulator.requests().map(({ operation }) => operation);
const generations = () => operations().filter((operation) => operation === "generate").length;

/** Runs something, and returns what it sent to Cloudflare. */
async function sentBy(run: () => Promise<unknown>): Promise<string[]> {
  const before = operations().length;
  await run();
  return operations().slice(before);
}

const active = () => ({ psk: engine.simulator.keyAtEdge(ipsecTunnelId), status: "active" });

describe("a resource that moves from the dynamic provider to the native one, by the alias of the schema,", () => {
  it("keeps its key: an update adds the derived outputs, and sends only the look for drift", async () => {
    const before = await engine.up(key(DYNAMIC));

    const preview = await engine.preview(key(NATIVE));
    const sent = await sentBy(() => engine.up(key(NATIVE)));
    const again = await engine.up(key(NATIVE));

    expect(preview.steps).toEqual({ same: 1, update: 1 });
    expect(sent).toEqual(["list"]);
    expect(again.steps).toEqual({ same: 2 });
    expect(again.outputs).toEqual(before.outputs);
    expect(generations()).toBe(1);
    expect(await engine.stored("branch-1")).toEqual(active());
  });

  it("gets a new key if someone else rotated it", async () => {
    await engine.up(key(DYNAMIC));
    engine.simulator.rotate(ipsecTunnelId);

    const preview = await engine.preview(key(NATIVE));
    await engine.up(key(NATIVE));

    expect(preview.text).toContain("someone else rotated the key at");
    expect(await engine.stored("branch-1")).toEqual(active());
  });
});

describe("a resource that moves back to the dynamic provider, by the alias of the class,", () => {
  it("keeps its key: one update verifies it and generates nothing, and a refresh works after it", async () => {
    const before = await engine.up(key(NATIVE));

    const preview = await engine.preview(key(DYNAMIC));
    const sent = await sentBy(() => engine.up(key(DYNAMIC)));
    const again = await engine.up(key(DYNAMIC));
    const refresh = await engine.refresh();

    expect(preview.steps).toEqual({ same: 1, update: 1 });
    expect(preview.text).toContain("The key will be verified, and replaced only if it is no longer active");
    expect(preview.text).toContain("the native provider wrote the state of this resource");
    // The look for drift, and the verification.
    expect(sent).toEqual(["list", "get"]);
    expect(again.steps).toEqual({ same: 2 });
    expect(again.outputs).toEqual(before.outputs);
    expect(refresh.steps).toEqual({ same: 2 });
    expect(generations()).toBe(1);
    expect(await engine.stored("branch-1")).toEqual(active());
  });

  it("gets a new key if someone else rotated it", async () => {
    await engine.up(key(NATIVE));
    engine.simulator.rotate(ipsecTunnelId);

    const preview = await engine.preview(key(DYNAMIC));
    const up = await engine.up(key(DYNAMIC));

    expect(preview.text).toContain("someone else rotated the key at");
    expect(up.steps).toEqual({ same: 1, update: 1 });
    expect(await engine.stored("branch-1")).toEqual(active());
  });
});

describe("a resource that moves there and back", () => {
  it("has the active key at each step, through a refresh and a rotation by each kind, to the last command", async () => {
    await engine.up(key(DYNAMIC));
    await engine.up(key(NATIVE));
    expect((await engine.refresh()).steps).toEqual({ same: 2 });
    expect(await engine.stored("branch-1")).toEqual(active());

    const rotated = await engine.up(key(NATIVE, "Q4"));
    expect(rotated.outputs.psk).toEqual({ value: engine.simulator.keyAtEdge(ipsecTunnelId), secret: true });
    expect((await engine.refresh()).steps).toEqual({ same: 2 });

    // Its outputs no longer have anything of the dynamic provider.
    const back = await engine.up(key(DYNAMIC, "Q4"));
    expect(back.outputs).toEqual(rotated.outputs);
    expect((await engine.refresh()).steps).toEqual({ same: 2 });
    expect(generations()).toBe(2);

    await engine.up(key(DYNAMIC, "Q1"));
    expect(await engine.stored("branch-1")).toEqual(active());
    expect(generations()).toBe(3);

    expect((await engine.destroy()).steps).toEqual({ delete: 2 });
    expect(generations()).toBe(3);
  });

  it("rotates in the very run that moves it, if a trigger changed", async () => {
    await engine.up(key(DYNAMIC, "Q3"));

    await engine.up(key(NATIVE, "Q4"));
    expect(await engine.stored("branch-1")).toEqual(active());
    await engine.up(key(DYNAMIC, "Q1"));

    expect(await engine.stored("branch-1")).toEqual(active());
    expect(generations()).toBe(3);
    expect((await engine.refresh()).steps).toEqual({ same: 2 });
  });
});
