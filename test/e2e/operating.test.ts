import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { IpsecTunnelPsk, type IpsecTunnelPskArgs, Provider } from "../../src";
import type { Simulator } from "../../src/simulator";
import { closeWithoutLeaks, type ProgramStack, startEngine, type TestEngine } from "../support/engine";

const DAY_MS = 86_400_000;
const ACCOUNT_2 = "fedcba9876543210fedcba9876543210";
const TOKEN_2 = "simulator-token-not-a-real-credential-02";

let engine: TestEngine;
let simulator: Simulator;
let tunnelId: string;
let stacks = 0;

beforeAll(async () => {
  const account1 = "0123456789abcdef0123456789abcdef";
  engine = await startEngine({
    simulator: {
      accounts: [{ id: account1 }, { id: ACCOUNT_2 }],
      tokens: [
        { token: "simulator-token-not-a-real-credential-01", accounts: [account1] },
        { token: TOKEN_2, accounts: [ACCOUNT_2] },
      ],
    },
  });
  ({ simulator } = engine);
});

afterAll(() => closeWithoutLeaks(engine, [TOKEN_2]));

beforeEach(() => {
  tunnelId = simulator.addTunnel();
});

afterEach(() => {
  engine.setClock(0);
});

const newStack = (config: Readonly<Record<string, string>> = {}) => engine.createStack(`stack-${++stacks}`, { config });

function key(
  name = "branch-1",
  args: Partial<IpsecTunnelPskArgs> = {},
  options: pulumi.CustomResourceOptions = {},
): PulumiFn {
  return () => {
    const all = { accountId: simulator.accountId, ipsecTunnelId: tunnelId, ...args };
    return Promise.resolve({ psk: new IpsecTunnelPsk(name, all, options).psk });
  };
}

const quarter = (value: string, args: Partial<IpsecTunnelPskArgs> = {}) =>
  key("branch-1", { rotationTriggers: { quarter: value }, ...args });

const urnOf = async (stack: ProgramStack) => (await stack.state()).urn("branch-1");

const operations = () => simulator.requests().map(({ operation }) => operation);
const generations = () => operations().filter((operation) => operation === "generate").length;

async function expectActive(stack: ProgramStack, name = "branch-1"): Promise<void> {
  expect(await stack.stored(name)).toEqual({ psk: simulator.keyAtEdge(tunnelId), status: "active" });
}

/** Does what `MagicWanIpsecTunnel` does in each of its updates: sends its own key, or `null` for none. */
async function putTunnel(psk: string | null): Promise<void> {
  const url = `${simulator.url}/accounts/${simulator.accountId}/magic/ipsec_tunnels/${tunnelId}`;
  const tunnel = { name: `t-${tunnelId}`, cloudflare_endpoint: "203.0.113.1", interface_address: "10.213.0.8/31", psk };
  const response = await fetch(url, {
    method: "PUT",
    headers: { authorization: `Bearer ${simulator.apiToken}`, "content-type": "application/json" },
    body: JSON.stringify(tunnel),
  });
  expect(response.status).toBe(200);
}

describe("a renamed resource", () => {
  it("keeps its key with an alias, and sends only the list that shows drift", async () => {
    const stack = await newStack();
    await stack.up(key("branch-1"));
    simulator.clearRequests();

    const up = await stack.up(key("paris", {}, { aliases: [{ name: "branch-1" }] }));

    expect(up.steps).toEqual({ same: 2 });
    expect(operations()).toEqual(["list"]);
    await expectActive(stack, "paris");
  });

  it("generates a new key without an alias, and the preview warns", async () => {
    const stack = await newStack();
    await stack.up(key("branch-1"));
    simulator.clearRequests();

    const preview = await stack.preview(key("paris"));
    const up = await stack.up(key("paris"));

    expect(preview.text).toMatch(/already has a key, generated at \S+, which up will replace\.[\s\S]*or\s+an\s+alias/);
    expect(up.steps).toEqual({ create: 1, delete: 1, same: 1 });
    expect(generations()).toBe(1);
    await expectActive(stack, "paris");
  });
});

describe("pulumi state move", () => {
  it("moves the key to the other stack, and neither stack generates anything afterwards", async () => {
    const from = await newStack();
    const to = await newStack();
    await from.up(key());
    await to.up(() => Promise.resolve());
    const source = `organization/demo/${from.name}`;
    const destination = `organization/demo/${to.name}`;
    simulator.clearRequests();

    const moved = await from.cli(
      ...["state", "move", "--source", source, "--dest", destination, "--yes", await urnOf(from)],
    );
    const emptied = await from.up(() => Promise.resolve());
    const kept = await to.up(key());

    expect(moved).toMatchObject({ succeeded: true });
    expect(emptied.steps).toEqual({ same: 1 });
    expect(kept.steps).toEqual({ same: 2 });
    expect(operations()).toEqual(["list"]);
    await expectActive(to);
  });
});

describe("pulumi state delete", () => {
  it("leaves the key active but in no state; the next up warns in its preview, and generates a new key", async () => {
    const stack = await newStack();
    await stack.up(key());
    const before = simulator.keyAtEdge(tunnelId);

    const deleted = await stack.cli("state", "delete", await urnOf(stack), "--yes", "--stack", stack.name);
    expect(deleted).toMatchObject({ succeeded: true });
    expect(simulator.keyAtEdge(tunnelId)).toBe(before);
    const preview = await stack.preview(key());
    await stack.up(key());

    expect(preview.text).toContain("already has a key");
    expect(simulator.keyAtEdge(tunnelId)).not.toBe(before);
    await expectActive(stack);
  });
});

describe("an imported old checkpoint", () => {
  it("restores an old key, which a plain up replaces", async () => {
    const stack = await newStack();
    await stack.up(quarter("2026-Q3"));
    const checkpoint = await stack.automation.exportStack();
    await stack.up(quarter("2026-Q4"));
    await stack.automation.importStack(checkpoint);

    const plain = await stack.up(quarter("2026-Q3"));

    expect(plain.steps).toEqual({ same: 1, update: 1 });
    await expectActive(stack);
  });
});

describe("a stack that reads the key by StackReference", () => {
  it("has the old key, as a secret, until its own next up", async () => {
    const stack = await newStack();
    const consumer = await newStack();
    const consume: PulumiFn = () => {
      const reference = new pulumi.StackReference(`organization/demo/${stack.name}`);
      return Promise.resolve({ psk: reference.requireOutput("psk") });
    };
    await stack.up(quarter("2026-Q3"));
    await consumer.up(consume);
    const old = simulator.keyAtEdge(tunnelId);
    await stack.up(quarter("2026-Q4"));

    const before = (await consumer.automation.outputs()).psk;
    await consumer.up(consume);
    const after = (await consumer.automation.outputs()).psk;

    expect(before).toEqual({ value: old, secret: true });
    expect(after).toEqual({ value: simulator.keyAtEdge(tunnelId), secret: true });
  });
});

describe("a key that was removed from the tunnel", () => {
  it("is seen by a refresh, and replaced by the next up", async () => {
    const stack = await newStack();
    await stack.up(key());
    await putTunnel(null);

    await stack.refresh();
    const lost = await stack.stored("branch-1");
    const up = await stack.up(key());

    expect(lost?.status).toBe("lost");
    expect(up.steps).toEqual({ same: 1, update: 1 });
    await expectActive(stack);
  });
});

describe("an emergency rotation", () => {
  it("replaces one key by pulumi up --replace, without a change of the program", async () => {
    const stack = await newStack();
    await stack.up(key());
    const stolen = simulator.keyAtEdge(tunnelId);
    simulator.clearRequests();

    const up = await stack.up(key(), { replace: [await urnOf(stack)] });

    expect(up.steps).toEqual({ replace: 1, same: 1 });
    expect(generations()).toBe(1);
    expect(simulator.keyAtEdge(tunnelId)).not.toBe(stolen);
    await expectActive(stack);
  });

  it("replaces a protected key by a trigger, because --replace is refused", async () => {
    const stack = await newStack();
    const guarded = (value: string) => key("branch-1", { rotationTriggers: { quarter: value } }, { protect: true });
    await stack.up(guarded("2026-Q4"));

    const replaced = await stack.up(guarded("2026-Q4"), { replace: [await urnOf(stack)] });
    const rotated = await stack.up(guarded("2026-Q4 incident"));

    expect(replaced.succeeded).toBe(false);
    expect(replaced.text).toContain("unable to replace resource");
    expect(rotated.steps).toEqual({ same: 1, update: 1 });
    await expectActive(stack);
  });

  it("replaces one key by a trigger and --target", async () => {
    const stack = await newStack();
    await stack.up(quarter("2026-Q4"));
    simulator.clearRequests();

    const up = await stack.up(quarter("2026-Q4 incident"), { target: [await urnOf(stack)] });

    expect(up.steps).toMatchObject({ update: 1 });
    expect(generations()).toBe(1);
    await expectActive(stack);
  });
});

describe("a scheduled run", () => {
  it("rotates a key once it is old enough, and nothing happens between runs", async () => {
    const lastGeneratedOn = new Date(Date.now() - 91 * DAY_MS).toISOString();
    tunnelId = simulator.addTunnel({ psk: "a-key-of-before", lastGeneratedOn });
    const stack = await newStack();
    const program = key("branch-1", { existingKey: { psk: "a-key-of-before", lastGeneratedOn }, rotateAfterDays: 90 });
    simulator.clearRequests();

    await stack.up(program);
    expect(simulator.keyAtEdge(tunnelId)).toBe("a-key-of-before");
    const due = await stack.up(program, { refresh: true });
    const again = await stack.up(program, { refresh: true });

    expect(due.steps).toEqual({ same: 1, update: 1 });
    expect(again.steps).toEqual({ same: 2 });
    expect(generations()).toBe(1);
    await expectActive(stack);
  });
});

describe("pulumi import", () => {
  it("fails in Pulumi's own provider host, and stores nothing", async () => {
    const stack = await newStack();
    await stack.up(key("other"));
    const id = `${simulator.accountId}/${tunnelId}`;

    const flags = ["--yes", "--stack", stack.name, "--generate-code=false"];
    const imported = await stack.cli("import", IpsecTunnelPsk.__pulumiType, "branch-1", id, ...flags);

    expect(imported.succeeded).toBe(false);
    expect(imported.text).toContain("Preview failed: Cannot read properties of undefined (reading 'toJavaScript')");
    expect(await stack.stored("branch-1")).toBeUndefined();
  });
});

describe("two stacks on one tunnel", () => {
  it("overwrite each other's key: each sees it in its next up, and generates a new one or fails", async () => {
    const one = await newStack();
    const two = await newStack();
    await one.up(key());
    const preview = await two.preview(key());
    await two.up(key());

    const failed = await one.up(key("branch-1", { onExternalRotation: "fail" }));
    const regenerated = await one.up(key());

    expect(preview.text).toContain("already has a key");
    expect(failed.succeeded).toBe(false);
    expect(failed.text).toContain("ERR_EXTERNAL_ROTATION");
    expect(regenerated.steps).toEqual({ same: 1, update: 1 });
    await expectActive(one);
    expect((await two.stored("branch-1"))?.psk).not.toBe(simulator.keyAtEdge(tunnelId));
  });
});

describe("a tunnel resource that sets its own psk", () => {
  it("restores that key in its next update, and neither a plain up nor a refresh can see it if the timestamp stays", async () => {
    const stack = await newStack();
    await stack.up(key());
    await putTunnel("the-old-key-of-the-tunnel");

    const plain = await stack.up(key());
    const refresh = await stack.refresh();

    expect([plain.steps, refresh.steps]).toEqual([{ same: 2 }, { same: 2 }]);
    expect((await stack.stored("branch-1"))?.status).toBe("active");
    expect(simulator.keyAtEdge(tunnelId)).toBe("the-old-key-of-the-tunnel");
  });
});

describe("several accounts with Provider", () => {
  it("have their own credentials in one stack", async () => {
    const ipsecTunnelId = simulator.addTunnel({ accountId: ACCOUNT_2 });
    const stack = await newStack();
    const program: PulumiFn = () => {
      const provider = new Provider("second", { apiToken: TOKEN_2, baseUrl: simulator.url });
      new IpsecTunnelPsk("second-branch", { accountId: ACCOUNT_2, ipsecTunnelId }, { provider });
      return key()();
    };

    const preview = await stack.preview(program);
    const up = await stack.up(program);
    const wrong = await stack.preview(key("branch-1", { accountId: ACCOUNT_2, ipsecTunnelId }));

    expect(preview.succeeded).toBe(true);
    expect(up.succeeded).toBe(true);
    expect(await stack.stored("second-branch")).toEqual({
      psk: simulator.keyAtEdge(ipsecTunnelId),
      status: "active",
    });
    await expectActive(stack);
    expect(wrong.text).toContain("ERR_NOT_AUTHORIZED");
  });
});

describe("a change elsewhere", () => {
  it.each<[string, () => unknown]>([
    ["a key that someone else rotated", () => simulator.rotate(tunnelId)],
    ["a key that was removed from the tunnel", () => putTunnel(null)],
  ])("%s: a plain up sees it, and generates a new key", async (_what, happens) => {
    const stack = await newStack();
    await stack.up(key());
    await happens();

    const plain = await stack.up(key());
    const refreshed = await stack.up(key(), { refresh: true });

    expect([plain.steps, refreshed.steps]).toEqual([{ same: 1, update: 1 }, { same: 2 }]);
    await expectActive(stack);
  });

  it("a deleted tunnel: up --refresh sees it, and fails to create a key for it", async () => {
    const stack = await newStack();
    await stack.up(key());
    simulator.removeTunnel(tunnelId);

    const plain = await stack.up(key());
    const refreshed = await stack.up(key(), { refresh: true });

    expect(plain.steps).toEqual({ same: 2 });
    expect(refreshed.text).toContain("ERR_TUNNEL_NOT_FOUND");
  });
});

describe("an update plan from before midnight", () => {
  it("refuses a rotation that became due after it, and a new plan allows it", async () => {
    const plan = join(engine.folder, "plan.json");
    const lastGeneratedOn = new Date(Date.now() - 9 * DAY_MS).toISOString();
    tunnelId = simulator.addTunnel({ psk: "a-key-of-nine-days", lastGeneratedOn });
    const program = key("branch-1", {
      existingKey: { psk: "a-key-of-nine-days", lastGeneratedOn },
      rotateAfterDays: 10,
    });
    const stack = await newStack();
    await stack.up(program);
    await stack.preview(program, { plan });

    engine.setClock(DAY_MS);
    const refused = await stack.up(program, { plan });
    const keyBefore = simulator.keyAtEdge(tunnelId);
    await stack.preview(program, { plan });
    const allowed = await stack.up(program, { plan });

    expect(refused.text).toContain("update is not allowed by the plan: this resource is constrained to same");
    expect(keyBefore).toBe("a-key-of-nine-days");
    expect(allowed.steps).toEqual({ same: 1, update: 1 });
    await expectActive(stack);
  });
});

describe("a setting", () => {
  it("is refused by name if it is not a whole number, and nothing is sent", async () => {
    const stack = await newStack({ "cloudflare-ipsec-psk:operationTimeoutMs": "5 minutes" });
    simulator.clearRequests();

    const up = await stack.up(key());

    expect(up.text).toContain(
      'Cannot use cloudflare-ipsec-psk:operationTimeoutMs: it must be a whole number from 0 to 999999999, but is "5 minutes"',
    );
    expect(operations()).toEqual([]);
  });
});
