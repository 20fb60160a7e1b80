import * as pulumi from "@pulumi/pulumi";
import type * as Claims from "../../src/program/claims";
import { claimTunnel } from "../../src/program/claims";
import { settled } from "../support/output";

const ACCOUNT = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const TUNNEL = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const ANOTHER = "cccccccccccccccccccccccccccccccc";
const UNKNOWN = pulumi.output(pulumi.unknown as unknown as string);

type Claim = readonly [name: string, accountId: pulumi.Input<string>, ipsecTunnelId: pulumi.Input<string>];

/** Claims tunnels within one program run, one after the other, and returns the owners that are found. */
async function claimAll(...claims: readonly Claim[]) {
  let owners: unknown[] = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    for (const [name, accountId, ipsecTunnelId] of claims)
      owners = [...owners, await settled(claimTunnel(name, { accountId, ipsecTunnelId }))];
    return {};
  });
  return owners as Awaited<ReturnType<typeof settled>>[];
}

const valuesOf = async (...claims: readonly Claim[]) => (await claimAll(...claims)).map(({ value }) => value);

beforeEach(async () => {
  const newResource = ({ inputs }: pulumi.runtime.MockResourceArgs) => ({ id: "fake-id", state: inputs as object });
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "stack", true);
});

describe("claimTunnel()", () => {
  it("returns `undefined` to the one resource that manages a tunnel", async () => {
    await expect(valuesOf(["first", ACCOUNT, TUNNEL])).resolves.toEqual([undefined]);
  });

  it("returns the name of the first resource to a second one for the same tunnel", async () => {
    await expect(valuesOf(["first", ACCOUNT, TUNNEL], ["second", ACCOUNT, TUNNEL])).resolves.toEqual([
      undefined,
      "first",
    ]);
  });

  it("recognizes the tunnel in upper case, and as an output", async () => {
    const [, second] = await valuesOf(
      ["first", ACCOUNT, TUNNEL],
      ["second", pulumi.output(ACCOUNT.toUpperCase()), pulumi.output(TUNNEL.toUpperCase())],
    );

    expect(second).toBe("first");
  });

  // Below two components, resources may have one name.
  it("recognizes a second resource of the same name", async () => {
    await expect(valuesOf(["psk", ACCOUNT, TUNNEL], ["psk", ACCOUNT, TUNNEL])).resolves.toEqual([undefined, "psk"]);
  });

  it("allows one resource for each of two tunnels", async () => {
    await expect(valuesOf(["first", ACCOUNT, TUNNEL], ["second", ACCOUNT, ANOTHER])).resolves.toEqual([
      undefined,
      undefined,
    ]);
  });

  it("allows one resource for each of two accounts with the same tunnel ID", async () => {
    await expect(valuesOf(["first", ACCOUNT, TUNNEL], ["second", ANOTHER, TUNNEL])).resolves.toEqual([
      undefined,
      undefined,
    ]);
  });

  it.each<[string, pulumi.Input<string>, pulumi.Input<string>]>([
    ["tunnel", ACCOUNT, UNKNOWN],
    ["account", UNKNOWN, TUNNEL],
  ])("does not check a %s that is known only after up", async (_what, accountId, ipsecTunnelId) => {
    const claims = await claimAll(["first", accountId, ipsecTunnelId], ["second", accountId, ipsecTunnelId]);

    expect(claims.map(({ known, value }) => [known, value])).toEqual(Array(2).fill([false, undefined]));
  });

  it("knows the claims of another copy of the package", async () => {
    let copy: typeof Claims | undefined;
    jest.isolateModules(() => {
      jest.doMock("@pulumi/pulumi", () => pulumi);
      copy = jest.requireActual<typeof Claims>("../../src/program/claims");
      jest.dontMock("@pulumi/pulumi");
    });
    let owner: unknown;

    await pulumi.runtime.runInPulumiStack(async () => {
      await settled(claimTunnel("first", { accountId: ACCOUNT, ipsecTunnelId: TUNNEL }));
      owner = copy && (await settled(copy.claimTunnel("second", { accountId: ACCOUNT, ipsecTunnelId: TUNNEL })));
      return {};
    });

    expect(copy?.claimTunnel).not.toBe(claimTunnel);
    expect(owner).toMatchObject({ value: "first" });
  });

  it("forgets the claims of an earlier run in the same process", async () => {
    await claimAll(["first", ACCOUNT, TUNNEL]);

    await expect(valuesOf(["second", ACCOUNT, TUNNEL])).resolves.toEqual([undefined]);
  });
});
