import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { IpsecTunnelPskArgs } from "../../src";
import type { SimulatorOptions } from "../../src/simulator";
import { codeBlocksBelow } from "../docs/code-blocks";
import { readPage } from "../docs/markdown";
import { runProgram } from "../docs/run-program";
import { CLOUDFLARE_PLUGIN } from "../support/cloudflare-plugin";
import { importState, stateOfV4, stateOfV5 } from "../support/cloudflare-plugin/states";
import { closeWithoutLeaks, DYNAMIC, type Kind, KINDS, startEngine, type TestEngine } from "../support/engine";

// Every program is one of docs/from-terraform.md.
const page = readPage("docs/from-terraform.md");
const programsBelow = (title: string) =>
  codeBlocksBelow(page, title).flatMap(({ language, code }) => (language === "ts" ? [code] : []));

const [takeOver = ""] = programsBelow("Take over a key of Terraform provider 4");
const [resend = "", addKey = "", newKey = ""] = programsBelow("Upgrade to @pulumi/cloudflare 6");
const [exportName = "", readName = ""] = programsBelow("Name a tunnel that another stack owns");

const removing = resend.replace(/, \{ ignoreChanges: .+?\}/, "");

const OLD_PSK = "a-fake-psk-that-version-4-has-generated";

let engine: TestEngine;
let kind: Kind;
let tunnelId: string;

async function start(which: Kind, assumptions: SimulatorOptions["assumptions"] = {}): Promise<void> {
  kind = which;
  engine = await startEngine({ kind, simulator: { assumptions }, plugins: { cloudflare: CLOUDFLARE_PLUGIN } });
  const { apiToken, url } = engine.simulator;
  await engine.configure({
    "cloudflare:apiToken": { value: apiToken, secret: true },
    "cloudflare:baseUrl": url,
    branch1Psk: { value: OLD_PSK, secret: true },
  });
}

afterEach(() => closeWithoutLeaks(engine, [OLD_PSK]));

/** Runs code of the page with the kind's own key resource. */
function program(...code: readonly string[]): PulumiFn {
  return () => {
    const modules = {
      "@pulumi/pulumi": pulumi,
      "@pulumi/cloudflare": cloudflare,
      "pulumi-cloudflare-ipsec-psk": { IpsecTunnelPsk: keyOf(kind) },
    };
    const globals = { accountId: engine.simulator.accountId, config: new pulumi.Config() };
    return Promise.resolve(runProgram(code.join("\n"), { modules, globals }));
  };
}

/** Takes `tunnel` in both kinds: of the native kind, a program has to name the tunnel by its outputs. */
function keyOf({ kind, Key }: Kind): unknown {
  if (kind === "dynamic") return Key;
  return class extends Key {
    constructor(name: string, { tunnel, ...args }: IpsecTunnelPskArgs & { tunnel?: cloudflare.MagicWanIpsecTunnel }) {
      super(name, {
        ...(tunnel && { ipsecTunnelName: tunnel.name, ipsecTunnelCreatedOn: tunnel.createdOn }),
        ...{ accountId: tunnel?.accountId, ...args },
      } as IpsecTunnelPskArgs);
    }
  };
}

const GIVEN = {
  name: "branch-1",
  interfaceAddress: "10.252.2.90/31",
  cloudflareEndpoint: "203.0.113.10",
  customerEndpoint: "198.51.100.1",
};

/** Adds a tunnel with a key, as a program of version 4 has left it in Cloudflare. */
function addTunnel(): void {
  tunnelId = engine.simulator.addTunnel({
    name: GIVEN.name,
    psk: OLD_PSK,
    fields: {
      interface_address: GIVEN.interfaceAddress,
      cloudflare_endpoint: GIVEN.cloudflareEndpoint,
      customer_endpoint: GIVEN.customerEndpoint,
    },
  });
}

/** Starts a stack whose state has the tunnel in the shape of a version. */
async function startWith(stateOf: typeof stateOfV4, ...settings: Parameters<typeof start>): Promise<void> {
  await start(...settings);
  addTunnel();
  const { accountId } = engine.simulator;
  const { created_on: createdOn } = (await call("GET")).ipsec_tunnel as { readonly created_on: string };
  await importState(engine.automation, stateOf({ accountId, tunnelId, createdOn, psk: OLD_PSK, given: GIVEN }));
}

const configureTimestamp = (timestamp = "") => engine.configure({ branch1GeneratedOn: timestamp });
const shownTimestamp = () => engine.simulator.generatedOn(tunnelId)?.replace(/\.\d+/, "");
const operations = () => engine.simulator.requests().map(({ operation }) => operation);

async function expectActive(): Promise<void> {
  expect(await engine.stored("branch-1")).toEqual({ psk: engine.simulator.keyAtEdge(tunnelId), status: "active" });
}

/** Updates the tunnel as version 4 does: with the key of its state. */
const updateAsVersion4 = () => call("PUT", { psk: OLD_PSK, description: "updated" });

/** Calls Cloudflare's API for the tunnel as someone else would. */
async function call(method: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
  const { url, accountId, apiToken } = engine.simulator;
  const response = await fetch(`${url}/accounts/${accountId}/magic/ipsec_tunnels/${tunnelId}`, {
    method,
    headers: { authorization: `Bearer ${apiToken}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { readonly result: Readonly<Record<string, unknown>> }).result;
}

describe.each(KINDS)("with the $kind provider, a key that version 4 has generated", (each) => {
  it("is taken over while version 4 has the tunnel, and an update that moves its timestamp stops `up`", async () => {
    await start(each, { putMovesTimestamp: true });
    addTunnel();
    await configureTimestamp(shownTimestamp());

    const preview = await engine.preview(program(takeOver));
    await engine.up(program(takeOver));
    await expectActive();
    await updateAsVersion4();
    const stopped = await engine.up(program(takeOver));
    await configureTimestamp(shownTimestamp());
    const again = await engine.up(program(takeOver));

    expect(preview.text).toMatch(/The existing key will be taken over, generated at .+\. Nothing is generated\./);
    expect(stopped.succeeded).toBe(false);
    expect(stopped.text).toContain("ERR_EXTERNAL_ROTATION");
    expect(again.succeeded).toBe(true);
    expect(engine.simulator.keyAtEdge(tunnelId)).toBe(OLD_PSK);
    expect(operations()).not.toContain("generate");
  });

  it("stays through the upgrade, is taken over, and is rotated when the tunnel has no psk any more", async () => {
    // The dynamic kind gets what the simulator does not assume by default.
    const isOther = each.kind === "dynamic";
    await startWith(stateOfV4, each, { putMovesTimestamp: isOther, putNullRemovesKey: !isOther });

    const { outputs } = await engine.up(program(resend));
    await configureTimestamp(outputs.generatedOn?.value as string);
    const takenOver = await engine.up(program(resend, addKey));
    await expectActive();
    const kept = engine.simulator.keyAtEdge(tunnelId);
    const before = operations();
    const rotated = await engine.up(program(removing, newKey));

    expect(takenOver.steps).toEqual({ same: 2, create: 1 });
    expect(kept).toBe(OLD_PSK);
    expect(before).toContain("update");
    expect(before).not.toContain("generate");
    expect(rotated.steps).toEqual({ same: 1, update: 2 });
    expect(engine.simulator.keyAtEdge(tunnelId)).not.toBe(OLD_PSK);
    await expectActive();
  });

  it("gives way to a new one if the upgrade removes it in the same `up` as the key is added", async () => {
    await startWith(stateOfV4, each);

    const preview = await engine.preview(program(removing, newKey));
    const up = await engine.up(program(removing, newKey));

    expect(preview.text).toMatch(/MagicWanIpsecTunnel branch-1 update(?: \[diff: \])? *\n/);
    expect(up.steps).toEqual({ same: 1, create: 1, update: 1 });
    expect(engine.simulator.keyAtEdge(tunnelId)).not.toBe(OLD_PSK);
    await expectActive();
  });

  it("is lost by an upgrade without `ignoreChanges`, and cannot be taken over in the same `up`", async () => {
    await startWith(stateOfV4, each);
    await configureTimestamp(shownTimestamp());

    const preview = await engine.preview(program(removing, addKey));
    const up = await engine.up(program(removing, addKey));

    expect(preview.succeeded).toBe(true);
    expect(up.succeeded).toBe(false);
    expect(up.text).toContain("Cloudflare shows no key of this tunnel");
    expect(engine.simulator.keyAtEdge(tunnelId)).toBeUndefined();
  });
});

describe("a key that the tunnel of a program with version 6 sets", () => {
  it("is taken over, and comes back after a rotation while the tunnel ignores changes of its psk", async () => {
    await startWith(stateOfV5, DYNAMIC);
    await configureTimestamp(shownTimestamp());
    const rotateTooEarly = edited(addKey, "existingKey:", 'rotationTriggers: { quarter: "2026-Q4" }, existingKey:');
    const update = edited(resend, 'name: "branch-1"', 'name: "branch-1", description: "updated"');

    const preview = await engine.preview(program(resend, addKey));
    const takenOver = await engine.up(program(resend, addKey));
    await engine.up(program(resend, rotateTooEarly));
    const rotated = engine.simulator.keyAtEdge(tunnelId);
    await engine.up(program(update, rotateTooEarly));

    expect(preview.text).toContain('warning: The tunnel resource "branch-1" sets its own psk');
    expect(takenOver.steps).toEqual({ same: 2, create: 1 });
    expect(rotated).not.toBe(OLD_PSK);
    expect(engine.simulator.keyAtEdge(tunnelId)).toBe(OLD_PSK);
  });
});

describe.each(KINDS)("with the $kind provider, a tunnel of another stack", (each) => {
  it("is found by the name and the creation time that it exports, and its exported id is refused", async () => {
    await start(each);
    const { apiToken, url } = engine.simulator;
    const network = await engine.createStack("network", {
      plugins: { cloudflare: CLOUDFLARE_PLUGIN },
      config: { "cloudflare:apiToken": { value: apiToken, secret: true }, "cloudflare:baseUrl": url },
    });
    await network.up(program(resend, exportName, "export const tunnelId = tunnel.id;"));
    await engine.configure({ networkStack: "organization/demo/network" });
    const named = /ipsecTunnelName: [^]*CreatedOn"\)/.exec(readName)?.[0] ?? "";
    const byId = edited(readName, named, 'ipsecTunnelId: network.requireOutput("tunnelId")');

    const refused = await engine.preview(program(byId));
    const up = await engine.up(program(readName));

    expect(refused.succeeded).toBe(false);
    expect(refused.text).toContain("is the ID of the account");
    expect(up.succeeded).toBe(true);
    tunnelId = engine.simulator.requests().findLast(({ operation }) => operation === "generate")?.tunnelId ?? "";
    await expectActive();
  });
});

function edited(code: string, from: string, to: string): string {
  expect(code).toContain(from);
  return code.replace(from, to);
}
