import * as pulumi from "@pulumi/pulumi";
import { IpsecTunnelPsk, Provider } from "../../src";
import { startEngine, type TestEngine } from "../support/engine";
import { findLeaks } from "../support/leaks";

const PARIS = { accountId: "a".repeat(32), token: "fake-token-of-paris-000000000000000000000" };
const TOKYO = { accountId: "b".repeat(32), token: "fake-token-of-tokyo-000000000000000000000" };

let engine: TestEngine;
let paris: string;
let tokyo: string;

beforeEach(async () => {
  engine = await startEngine({
    accounts: [{ id: PARIS.accountId }, { id: TOKYO.accountId }],
    tokens: [PARIS, TOKYO].map(({ token, accountId }) => ({ token, accounts: [accountId] })),
    // No credentials of the stack's own: what works, works through a Provider.
    config: {},
  });
  paris = engine.simulator.addTunnel({ accountId: PARIS.accountId });
  tokyo = engine.simulator.addTunnel({ accountId: TOKYO.accountId });
});

afterEach(async () => {
  const leaks = [...engine.leaks(), ...findLeaks(engine.written(), [PARIS.token, TOKYO.token])];
  await engine.close();
  expect(leaks).toEqual([]);
});

class Branch extends pulumi.ComponentResource {
  readonly psk: pulumi.Output<string>;

  constructor(name: string, args: { accountId: string; ipsecTunnelId: string }, opts: pulumi.ComponentResourceOptions) {
    super("test:index:Branch", name, {}, opts);
    this.psk = new IpsecTunnelPsk(name, args, { parent: this }).psk;
  }
}

function provider(name: string, apiToken: pulumi.Input<string>): Provider {
  return new Provider(name, { apiToken, baseUrl: engine.simulator.url });
}

async function program(): Promise<Record<string, unknown>> {
  const inParis = { accountId: PARIS.accountId, ipsecTunnelId: paris };
  const inTokyo = { accountId: TOKYO.accountId, ipsecTunnelId: tokyo };
  return Promise.resolve({
    paris: new IpsecTunnelPsk("paris", inParis, { provider: provider("emea", PARIS.token) }).psk,
    tokyo: new Branch("tokyo", inTokyo, { providers: [provider("apac", TOKYO.token)] }).psk,
  });
}

describe("Provider", () => {
  it("gives its credential to its own resources, and to those of components below it, in the preview and in up", async () => {
    const preview = await engine.preview(program);
    const up = await engine.up(program);

    expect(preview.text.match(/Cloudflare would accept it/g)).toHaveLength(2);
    expect(up.outputs.paris?.value).toBe(engine.simulator.keyAtEdge(paris));
    expect(up.outputs.tokyo?.value).toBe(engine.simulator.keyAtEdge(tokyo));
  });

  it("is named where Cloudflare does not accept its credential", async () => {
    const preview = await engine.preview(() => {
      const args = { accountId: PARIS.accountId, ipsecTunnelId: paris };
      new IpsecTunnelPsk("paris", args, { provider: provider("apac", TOKYO.token) });
      return Promise.resolve();
    });

    expect(preview.succeeded).toBe(false);
    expect(preview.text).toContain('The credential came from apiToken of Provider "apac"');
  });

  it("skips the validation while its credential is known only after up", async () => {
    const preview = await engine.preview(() => {
      const later = new IpsecTunnelPsk("first", { accountId: PARIS.accountId, ipsecTunnelId: paris }).psk;
      const args = { accountId: TOKYO.accountId, ipsecTunnelId: tokyo };
      new IpsecTunnelPsk("second", args, { provider: provider("apac", later) });
      return Promise.resolve();
    });

    expect(preview.succeeded).toBe(true);
    expect(engine.simulator.requests()).toEqual([]);
  });
});
