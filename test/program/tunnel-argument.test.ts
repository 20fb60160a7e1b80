import * as pulumi from "@pulumi/pulumi";
import { namingOf, type TunnelArgument, type TunnelNaming } from "../../src/program/tunnel-argument";
import { ACCOUNT_OF_TUNNEL } from "../../src/psk/sentinels";
import { failureOf } from "../support/failure-of";
import { settled } from "../support/output";

const accountId = "0123456789abcdef0123456789abcdef";
const createdOn = "2026-11-30T07:01:05Z";
const FAKE_PSK = "a-fake-psk-of-the-tunnel-resource";
const tunnel: TunnelArgument = { name: "branch-1", accountId, createdOn };

/** As `@pulumi/cloudflare` has one: its `id` is that of the account. */
class Tunnel extends pulumi.CustomResource implements TunnelArgument {
  declare readonly name: pulumi.Output<string>;
  declare readonly accountId: pulumi.Output<string>;
  declare readonly createdOn: pulumi.Output<string>;
  declare readonly psk: pulumi.Output<string>;

  constructor(properties: object) {
    const all = { name: undefined, accountId: undefined, createdOn: undefined, psk: undefined, ...properties };
    super("cloudflare:index/magicWanIpsecTunnel:MagicWanIpsecTunnel", "branch", all);
  }
}

async function valuesOf(naming: TunnelNaming): Promise<Readonly<Record<string, unknown>>> {
  const entries = Object.entries(naming).map(async ([name, value]) => [
    name,
    (await settled(pulumi.output(value))).value,
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Readonly<Record<string, unknown>>;
}

const NAMED = { accountId, ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: createdOn };

beforeEach(async () => {
  const newResource = ({ inputs }: pulumi.runtime.MockResourceArgs) => ({ id: accountId, state: inputs as object });
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "stack", false);
});

describe("namingOf()", () => {
  it.each<[string, () => pulumi.Input<TunnelArgument>]>([
    ["plain properties", () => tunnel],
    ["properties that are outputs", () => ({ ...tunnel, name: pulumi.output("branch-1") })],
    ["an output", () => pulumi.output(tunnel)],
    ["a promise", () => Promise.resolve(tunnel)],
    ["a resource", () => new Tunnel({ ...tunnel, psk: FAKE_PSK })],
    ["a resource inside an output", () => pulumi.output(new Tunnel({ ...tunnel, psk: FAKE_PSK }))],
    ["a resource inside a promise", () => Promise.resolve(new Tunnel({ ...tunnel, psk: FAKE_PSK }))],
  ])("reads account, name and creation time of %s, and nothing else", async (_what, argument) => {
    await expect(valuesOf(namingOf("key", argument(), {}))).resolves.toEqual(NAMED);
  });

  it("keeps what is unknown unknown, and what is secret secret", async () => {
    const unknown = pulumi.output(pulumi.unknown as unknown as string);
    const naming = namingOf(
      "key",
      pulumi.output({ ...tunnel, createdOn: unknown, name: pulumi.secret("branch-1") }),
      {},
    );

    await expect(settled(pulumi.output(naming.ipsecTunnelCreatedOn))).resolves.toMatchObject({ known: false });
    await expect(settled(pulumi.output(naming.ipsecTunnelName))).resolves.toMatchObject({ secret: true });
  });

  it("does not pin a tunnel that has no creation time", () => {
    expect(namingOf("key", { name: "branch-1", accountId }, {})).toStrictEqual({
      accountId,
      ipsecTunnelName: "branch-1",
    });
  });

  it("leaves an account that is given beside the tunnel to the check, which compares the two", () => {
    const naming = namingOf("key", tunnel, { accountId: "f".repeat(32) });

    expect(naming).toStrictEqual({
      [ACCOUNT_OF_TUNNEL]: accountId,
      ipsecTunnelName: "branch-1",
      ipsecTunnelCreatedOn: createdOn,
    });
  });

  it.each<[TunnelNaming, string]>([
    [{ ipsecTunnelId: "f".repeat(32) }, "ipsecTunnelId"],
    [{ ipsecTunnelName: "branch-1" }, "ipsecTunnelName"],
    [{ ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: createdOn }, "ipsecTunnelName and ipsecTunnelCreatedOn"],
  ])("refuses %j beside the tunnel, and names it", (args, given) => {
    expect(failureOf(() => namingOf("key", tunnel, args))).toMatchObject({
      code: "ERR_INVALID_INPUT",
      details: {
        summary: `Cannot create IpsecTunnelPsk "key": tunnel and ${given} name one tunnel twice`,
      },
    });
  });
});
