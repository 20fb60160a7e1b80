import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { IpsecTunnelPsk } from "../../src";
import { startEngine, type TestEngine } from "../support/engine";

interface Checkpoint {
  readonly checkpoint: { readonly latest: { readonly resources: readonly Record<string, unknown>[] } };
}

let engine: TestEngine;

beforeEach(async () => {
  engine = await startEngine({ simulator: { assumptions: { generatedKey: "alphanumeric-32" } } });
});
afterEach(() => engine.close());

it("IpsecTunnelPsk takes at most 1,650 bytes of a checkpoint", async () => {
  const { accountId } = engine.simulator;
  const ipsecTunnelId = engine.simulator.addTunnel();
  await engine.up(() => {
    new IpsecTunnelPsk("key-001", { accountId, ipsecTunnelId });
    return Promise.resolve();
  });

  const stored = JSON.parse(await readFile(join(engine.folder, ".pulumi/stacks/demo/dev.json"), "utf8")) as Checkpoint;
  const resource = stored.checkpoint.latest.resources.find(({ urn }) => String(urn).endsWith("::key-001"));
  const dependsOnFolder = new Set(["sourcePosition", "stackTrace"]);
  const rest = Object.fromEntries(Object.entries(resource ?? {}).filter(([name]) => !dependsOnFolder.has(name)));

  expect(rest).toMatchObject({ id: `${accountId}/${ipsecTunnelId}` });
  expect(JSON.stringify(rest).length).toBeLessThanOrEqual(1_650);
});
