import { mkdir, mkdtemp, rm, symlink, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IpsecTunnelPsk } from "../../src";
import { startEngine, type TestEngine } from "../support/engine";

let project: string;
let engine: TestEngine;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "ipsec-psk-project-"));
  await mkdir(join(project, "node_modules/@pulumi"), { recursive: true });
  await symlink(join(process.cwd(), "node_modules/@pulumi/pulumi"), join(project, "node_modules/@pulumi/pulumi"));
  await symlink(process.cwd(), join(project, "node_modules/pulumi-cloudflare-ipsec-psk"));
  engine = await startEngine({ main: project });
});

afterEach(async () => {
  await engine.close();
  await rm(project, { recursive: true });
});

describe("IpsecTunnelPsk without its package", () => {
  beforeEach(async () => {
    const { accountId } = engine.simulator;
    const ipsecTunnelId = engine.simulator.addTunnel();
    await engine.up(() => {
      new IpsecTunnelPsk("key-001", { accountId, ipsecTunnelId });
      return Promise.resolve();
    });
    await unlink(join(project, "node_modules/pulumi-cloudflare-ipsec-psk"));
  });

  it("is deleted by up when resource and package are removed together", async () => {
    const up = await engine.up(() => Promise.resolve());

    expect(up.steps).toEqual({ delete: 1, same: 1 });
  });

  it("fails a refresh with Node's own message, and stays in the state", async () => {
    const refresh = await engine.refresh();

    expect(refresh.succeeded).toBe(false);
    expect(refresh.text).toContain("Cannot find module 'pulumi-cloudflare-ipsec-psk/provider'");
    expect(await engine.exportWithSecrets()).toContain("key-001");
  });
});
