import type { CustomResourceOptions, Output } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { IpsecTunnelPskArgs } from "../../../src";
import { closeWithoutLeaks, NATIVE, startEngine, type TestEngine } from "../../support/engine";

const { Key, Provider } = NATIVE;

let engine: TestEngine;
let ipsecTunnelId: string;
/** What the program saw of its outputs: in a preview, only what is known. */
let seen: Record<string, unknown>;

async function start(options: Parameters<typeof startEngine>[0] = {}): Promise<void> {
  engine = await startEngine({ kind: NATIVE, ...options });
  ipsecTunnelId = engine.simulator.addTunnel({ name: "branch-1" });
  seen = {};
}

afterEach(() => closeWithoutLeaks(engine));

function key(args: Partial<IpsecTunnelPskArgs> = {}, options: CustomResourceOptions = {}): PulumiFn {
  return () => {
    const { accountId } = engine.simulator;
    const made = new Key("branch-1", { accountId, ipsecTunnelId, ...args }, options);
    const { psk, status, fqdnId, keyId, nextRotationOn, lastGeneratedOn } = made;
    const outputs: Record<string, Output<unknown>> = { psk, status, fqdnId, keyId, nextRotationOn, lastGeneratedOn };
    seen = {};
    for (const [name, output] of Object.entries(outputs)) output.apply((value) => (seen[name] = value));
    return Promise.resolve(outputs);
  };
}

const operations = () => engine.simulator.requests().map(({ operation }) => operation);

describe("the outputs of the native resource", () => {
  it("are what programs of TypeScript derive, and are known in the state", async () => {
    await start();

    const { outputs } = await engine.up(key({ rotateAfterDays: 90 }));

    expect(outputs.fqdnId?.value).toBe(`${ipsecTunnelId}.33145236.ipsec.cloudflare.com`);
    expect(outputs.keyId?.value).toBe(`33145236_${ipsecTunnelId}`);
    expect(outputs.nextRotationOn?.value).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect((await engine.state()).outputs("branch-1")).toMatchObject({
      fqdnId: outputs.fqdnId?.value as unknown,
      status: "active",
    });
  });

  it("may be made secret with additionalSecretOutputs, and nothing is updated because of that", async () => {
    await start();
    const additionalSecretOutputs = ["fqdnId", "nextRotationOn", "accountId", "rotationTriggers", "status"];
    const program = key({ rotateAfterDays: 90, rotationTriggers: { quarter: "Q1" } }, { additionalSecretOutputs });
    await engine.up(program);

    expect((await engine.up(program)).steps).toEqual({ same: 2 });
    expect((await engine.refresh()).steps).toEqual({ same: 2 });
    expect((await engine.up(program)).steps).toEqual({ same: 2 });
  });

  it("are unknown in the preview of a creation, and the key is a secret there", async () => {
    await start();
    let isSecret: Promise<boolean> | undefined;

    const preview = await engine.preview(() => {
      const { psk } = new Key("branch-1", { accountId: engine.simulator.accountId, ipsecTunnelId });
      isSecret = (psk as unknown as { readonly isSecret: Promise<boolean> }).isSecret;
      psk.apply((value) => (seen.psk = value));
      return Promise.resolve();
    });

    expect(preview.succeeded).toBe(true);
    expect(seen.psk).toBeUndefined();
    await expect(isSecret).resolves.toBe(true);
  });

  it("keep the identities known in the preview of a rotation, in which the key is not", async () => {
    await start();
    const { outputs } = await engine.up(key({ rotationTriggers: { quarter: "Q3" } }));

    await engine.preview(key({ rotationTriggers: { quarter: "Q4" } }));

    expect(seen.fqdnId).toBe(outputs.fqdnId?.value);
    expect([seen.psk, seen.lastGeneratedOn]).toEqual([undefined, undefined]);
  });
});

describe("a change that alters only a derived output", () => {
  it("of rotateAfterDays is an update in place that sends nothing, and keeps the key known in the preview", async () => {
    await start({ config: { "cloudflare-ipsec-psk:detectDrift": "false" } });
    const { outputs } = await engine.up(key());
    engine.simulator.clearRequests();

    const preview = await engine.preview(key({ rotateAfterDays: 90 }));
    const foreseen = seen;
    const up = await engine.up(key({ rotateAfterDays: 90 }));

    expect(preview.steps).toEqual({ same: 1, update: 1 });
    expect(preview.text).toContain("[diff: +rotateAfterDays]");
    expect(foreseen.psk).toBe(outputs.psk?.value);
    expect(foreseen.nextRotationOn).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(up.steps).toEqual({ same: 1, update: 1 });
    expect(up.outputs.psk?.value).toBe(outputs.psk?.value);
    expect(operations()).toEqual([]);
  });

  it("of conduitId is one, too, where Cloudflare sends no ipsec_id", async () => {
    await start({ config: { "cloudflare-ipsec-psk:detectDrift": "false" } });
    engine.simulator.fault({ kind: "altered", change: "withoutIpsecId" }, { operations: ["generate"] });
    const { outputs } = await engine.up(key());
    engine.simulator.clearRequests();

    const preview = await engine.preview(key({ conduitId: "33145236" }));
    const foreseen = seen;
    const up = await engine.up(key({ conduitId: "33145236" }));

    expect(outputs.fqdnId?.value).toBeUndefined();
    expect(preview.steps).toEqual({ same: 1, update: 1 });
    expect(foreseen).toMatchObject({
      psk: outputs.psk?.value as unknown,
      fqdnId: `${ipsecTunnelId}.33145236.ipsec.cloudflare.com`,
    });
    expect(up.outputs.keyId?.value).toBe(`33145236_${ipsecTunnelId}`);
    expect(operations()).toEqual([]);
  });
});

describe("a check failure", () => {
  it("names the property of a plain value, and shows it", async () => {
    await start();

    const preview = await engine.preview(key({ ipsecTunnelId: "branch-1" }));

    expect(preview.succeeded).toBe(false);
    expect(preview.text).toContain("property ipsecTunnelId value {branch-1} has a problem: must be the ID of an IPsec");
    expect(operations()).toEqual([]);
  });

  it("names no property whose value has a secret in it, and shows none", async () => {
    await start();
    const wrong = '"fake-key-in-quotes-for-tests"';

    const preview = await engine.preview(key({ existingKey: { psk: wrong, lastGeneratedOn: "2026-01-01T00:00:00Z" } }));

    expect(preview.succeeded).toBe(false);
    expect(preview.text).toContain("has a problem: existingKey.psk must be the key alone");
    expect(engine.leaks([wrong])).toEqual([]);
    expect(operations()).toEqual([]);
  });
});

describe("an import", () => {
  it("is refused in plain words, with what to do instead", async () => {
    await start();

    const up = await engine.up(key({}, { import: `${engine.simulator.accountId}/${ipsecTunnelId}` }));

    expect(up.succeeded).toBe(false);
    expect(up.text).toContain('Cannot read or import IpsecTunnelPsk "branch-1"');
    expect(up.text).toContain("existingKey");
    expect(operations()).toEqual([]);
  });
});

describe("two resources for one tunnel", () => {
  it("are refused by both names, before anything is sent", async () => {
    await start();
    const { accountId } = engine.simulator;

    const preview = await engine.preview(() => {
      new Key("branch-1", { accountId, ipsecTunnelId });
      new Key("branch-2", { accountId, ipsecTunnelId: ipsecTunnelId.toUpperCase() });
      return Promise.resolve();
    });

    expect(preview.succeeded).toBe(false);
    // Pulumi's SDK for Node.js may register the second one first.
    expect(preview.text).toMatch(
      /resource 'branch-(?:1'.+ already belongs to IpsecTunnelPsk "branch-2"|2'.+ already belongs to IpsecTunnelPsk "branch-1")/,
    );
    expect(operations()).not.toContain("generate");
  });
});

describe("the configuration", () => {
  it("without credentials warns in the preview and fails up, by the key that this provider reads", async () => {
    await start({ credentials: false });

    const [preview, up] = [await engine.preview(key()), await engine.up(key())];

    expect(preview.succeeded).toBe(true);
    expect(up.succeeded).toBe(false);
    for (const { text } of [preview, up]) {
      expect(text).toContain("pulumi config set --secret cloudflare-ipsec-psk:apiToken");
      // The other key is named only to say that it does not count.
      expect(text).not.toContain("--secret cloudflare:apiToken");
    }
  });

  it("fails with the name of a setting that is wrong", async () => {
    await start({ config: { "cloudflare-ipsec-psk:maxPreviewValidations": "many" } });

    const preview = await engine.preview(key());

    expect(preview.succeeded).toBe(false);
    expect(preview.text).toContain("cloudflare-ipsec-psk:maxPreviewValidations");
    expect(preview.text).toContain("ERR_INVALID_SETTING");
  });

  it("names the key of a credential that Cloudflare rejects", async () => {
    await start();
    const token = "fake-token-that-is-not-known-000000000000";
    await engine.setToken(token);

    const preview = await engine.preview(key());

    expect(preview.succeeded).toBe(false);
    expect(preview.text).toContain("cloudflare-ipsec-psk:apiToken");
  });

  it("takes the credential of the environment", async () => {
    await start({ credentials: false });
    Object.assign(engine.automation.workspace.envVars, {
      CLOUDFLARE_API_TOKEN: engine.simulator.apiToken,
      CLOUDFLARE_BASE_URL: engine.simulator.url,
    });

    const up = await engine.up(key());

    expect(up.outputs.psk?.value).toBe(engine.simulator.keyAtEdge(ipsecTunnelId));
    expect(engine.leaks([engine.simulator.apiToken])).toEqual([]);
  });

  it("of an explicit provider may change, and replaces no key", async () => {
    await start({ credentials: false });
    const { outputs } = await engine.up(withProvider(500_000));

    const up = await engine.up(withProvider(400_000));

    expect(up.steps).toEqual({ same: 2, update: 1 });
    expect(up.outputs.psk?.value).toBe(outputs.psk?.value);
    expect(engine.leaks([engine.simulator.apiToken])).toEqual([]);
  });
});

function withProvider(operationTimeoutMs: number): PulumiFn {
  return () => {
    const { url, apiToken } = engine.simulator;
    const provider = new Provider("emea", { apiToken, baseUrl: url, operationTimeoutMs });
    return key({}, { provider })();
  };
}

describe("customTimeouts", () => {
  it("limit the time of a creation", async () => {
    await start();
    engine.simulator.fault({ kind: "reset", effect: true }, { operations: ["generate"], times: Infinity });

    const up = await engine.up(key({}, { customTimeouts: { create: "2s" } }));

    expect(up.succeeded).toBe(false);
    // By default it waits minutes for a late request, and generates again.
    expect(up.text).toContain("ERR_OUTCOME_UNKNOWN");
    expect(operations().filter((operation) => operation === "generate")).toHaveLength(1);
  });
});
