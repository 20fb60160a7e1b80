import * as pulumi from "@pulumi/pulumi";
import { closeWithoutLeaks, KINDS, startEngine, type TestEngine } from "../support/engine";

describe.each(KINDS)("with the $kind provider:", (kind) => {
  const { Key, Provider } = kind;

  const PARIS = { accountId: "a".repeat(32), token: "fake-token-of-paris-000000000000000000000" };
  const TOKYO = { accountId: "b".repeat(32), token: "fake-token-of-tokyo-000000000000000000000" };

  let engine: TestEngine;
  let paris: string;
  let tokyo: string;

  beforeEach(async () => {
    engine = await startEngine({
      kind,
      simulator: {
        accounts: [{ id: PARIS.accountId }, { id: TOKYO.accountId }],
        tokens: [PARIS, TOKYO].map(({ token, accountId }) => ({ token, accounts: [accountId] })),
      },
      // The stack has none of its own: what works, works through a Provider.
      credentials: false,
    });
    paris = engine.simulator.addTunnel({ accountId: PARIS.accountId });
    tokyo = engine.simulator.addTunnel({ accountId: TOKYO.accountId });
  });

  afterEach(() => closeWithoutLeaks(engine, [PARIS.token, TOKYO.token]));

  class Branch extends pulumi.ComponentResource {
    readonly psk: pulumi.Output<string>;

    constructor(
      name: string,
      args: { accountId: string; ipsecTunnelId: string },
      opts: pulumi.ComponentResourceOptions,
    ) {
      super("test:index:Branch", name, {}, opts);
      this.psk = new Key(name, args, { parent: this }).psk;
    }
  }

  function provider(name: string, apiToken: pulumi.Input<string>): pulumi.ProviderResource {
    return new Provider(name, { apiToken, baseUrl: engine.simulator.url });
  }

  async function program(): Promise<Record<string, unknown>> {
    const inParis = { accountId: PARIS.accountId, ipsecTunnelId: paris };
    const inTokyo = { accountId: TOKYO.accountId, ipsecTunnelId: tokyo };
    return Promise.resolve({
      paris: new Key("paris", inParis, { provider: provider("emea", PARIS.token) }).psk,
      tokyo: new Branch("tokyo", inTokyo, { providers: [provider("apac", TOKYO.token)] }).psk,
    });
  }

  describe("Provider", () => {
    it("gives its credential to its own resources, and to those of components below it, in preview and up", async () => {
      const preview = await engine.preview(program);
      const up = await engine.up(program);

      expect(preview.text.match(/Cloudflare would accept this/g)).toHaveLength(2);
      expect(up.outputs.paris?.value).toBe(engine.simulator.keyAtEdge(paris));
      expect(up.outputs.tokyo?.value).toBe(engine.simulator.keyAtEdge(tokyo));
    });

    it("is named if Cloudflare rejects its credential", async () => {
      const preview = await engine.preview(() => {
        const args = { accountId: PARIS.accountId, ipsecTunnelId: paris };
        new Key("paris", args, { provider: provider("apac", TOKYO.token) });
        return Promise.resolve();
      });

      expect(preview.succeeded).toBe(false);
      expect(preview.text).toContain('The credential came from apiToken of Provider "apac"');
    });

    it("skips the validation while its credential is known only after up", async () => {
      const preview = await engine.preview(() => {
        const later = new Key("first", { accountId: PARIS.accountId, ipsecTunnelId: paris }).psk;
        const args = { accountId: TOKYO.accountId, ipsecTunnelId: tokyo };
        new Key("second", args, { provider: provider("apac", later) });
        return Promise.resolve();
      });

      expect(preview.succeeded).toBe(true);
      expect(engine.simulator.requests()).toEqual([]);
    });
  });
});
