import * as pulumi from "@pulumi/pulumi";
import { warnOfTunnel } from "../../src/program/tunnel-warnings";

const FAKE_PSK = "a-fake-psk-of-the-tunnel-resource";
const OF_THE_ID =
  'ipsecTunnelId is the id of the tunnel resource "branch", which with @pulumi/cloudflare is the ID of the account. What to do: give tunnel instead of accountId and ipsecTunnelId.';
const OF_THE_PSK =
  'The tunnel resource "branch" sets its own psk, and every update of it would restore that psk. What to do: remove psk (and ignoreChanges for it) from "branch", and change a rotation trigger in the same up. To keep that psk instead, remove this IpsecTunnelPsk.';

class Tunnel extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly psk: pulumi.Output<string>;

  constructor(psk?: pulumi.Input<string>, type = "cloudflare:index/magicWanIpsecTunnel:MagicWanIpsecTunnel") {
    super(type, "branch", { name: "branch-1", psk: psk && pulumi.secret(psk) });
  }
}

let warn: jest.SpyInstance;

/** Under mocks, as in a preview. `id`: "" while it is unknown. */
async function startRun(id: string): Promise<void> {
  const newResource = ({ inputs }: pulumi.runtime.MockResourceArgs) => ({ id, state: inputs as object });
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "stack", true);
}

beforeEach(async () => {
  warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  await startRun("");
});
afterEach(() => {
  warn.mockRestore();
});

describe("warnOfTunnel()", () => {
  it("warns of the id of a tunnel resource that is not known yet, under the key", async () => {
    const tunnel = new Tunnel("");

    await warnOfTunnel({ ipsecTunnelId: tunnel.id }, tunnel);

    expect(warn.mock.calls).toEqual([[OF_THE_ID, tunnel]]);
  });

  it("does not warn of an id that is known, which the check of the arguments judges", async () => {
    await startRun("0123456789abcdef0123456789abcdef");
    const tunnel = new Tunnel("");

    await warnOfTunnel({ ipsecTunnelId: tunnel.id }, tunnel);

    expect(warn).not.toHaveBeenCalled();
  });

  it.each<[string, (tunnel: Tunnel) => Parameters<typeof warnOfTunnel>[0]]>([
    ["its name", ({ name }) => ({ ipsecTunnelName: name })],
    ["an ID that was derived from it", ({ name }) => ({ ipsecTunnelId: name.apply(() => "f".repeat(32)) })],
  ])(
    "warns of a tunnel resource that sets a psk, which it finds by %s, and does not show it",
    async (_what, naming) => {
      const tunnel = new Tunnel(FAKE_PSK);

      await warnOfTunnel(naming(tunnel), tunnel);

      expect(warn.mock.calls).toEqual([[OF_THE_PSK, tunnel]]);
    },
  );

  it.each<[string, () => Parameters<typeof warnOfTunnel>[0]]>([
    ["a tunnel resource without a psk", () => ({ ipsecTunnelName: new Tunnel("").name })],
    ["a resource of another type", () => ({ ipsecTunnelName: new Tunnel(FAKE_PSK, "fake:index:IpsecTunnel").name })],
    ["plain text", () => ({ ipsecTunnelName: "branch-1" })],
    ["nothing", () => ({})],
  ])("warns of nothing for %s", async (_what, naming) => {
    await warnOfTunnel(naming(), new Tunnel(""));

    expect(warn).not.toHaveBeenCalled();
  });
});
