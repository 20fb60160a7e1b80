import * as pulumi from "@pulumi/pulumi";
import type * as Claims from "../../src/program/claims";
import { claimResolved, claimTunnel } from "../../src/program/claims";
import type { TunnelNaming } from "../../src/program/tunnel-argument";
import type { ResolvedInputs } from "../../src/psk/inputs";
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

/** Claims tunnels within one program run, and returns the owners that are found. */
async function ownersOf(namings: Readonly<Record<string, TunnelNaming>>): Promise<unknown[]> {
  const owners: unknown[] = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    for (const [name, naming] of Object.entries(namings)) owners.push((await settled(claimTunnel(name, naming))).value);
    return {};
  });
  return owners;
}

describe("claimTunnel() by a tunnel's name", () => {
  const named = { accountId: ACCOUNT, ipsecTunnelName: "branch-1" };

  it.each<[string, TunnelNaming]>([
    ["the same name", named],
    ["the same name as an output", { accountId: ACCOUNT, ipsecTunnelName: pulumi.output("branch-1") }],
    ["the same name with a pin", { ...named, ipsecTunnelCreatedOn: "2026-11-30T07:01:05Z" }],
    ["the account in upper case", { ...named, accountId: ACCOUNT.toUpperCase() }],
  ])("returns the name of the first resource to a second one with %s", async (_what, second) => {
    await expect(ownersOf({ first: named, second })).resolves.toEqual([undefined, "first"]);
  });

  it.each<[string, TunnelNaming]>([
    ["a name in another case", { ...named, ipsecTunnelName: "Branch-1" }],
    ["that name in another account", { ...named, accountId: ANOTHER }],
    ["an ID that reads like the name", { accountId: ACCOUNT, ipsecTunnelId: "branch-1" }],
    ["an unknown name", { accountId: ACCOUNT, ipsecTunnelName: UNKNOWN }],
  ])("allows a second resource with %s", async (_what, second) => {
    await expect(ownersOf({ first: named, second })).resolves.toEqual([undefined, undefined]);
  });
});

describe("claimResolved()", () => {
  const named = { accountId: ACCOUNT, ipsecTunnelName: "branch-1" };
  const resolved = { ...named, ipsecTunnelId: TUNNEL };

  /** Claims tunnels as resources do, and then one that a preview has looked up; returns its owner. */
  async function ownerAfter(namings: Readonly<Record<string, TunnelNaming>>, inputs: ResolvedInputs): Promise<unknown> {
    let owner: unknown = "nothing was claimed";
    await pulumi.runtime.runInPulumiStack(async () => {
      for (const [name, naming] of Object.entries(namings)) await settled(claimTunnel(name, naming));
      claimResolved(inputs);
      owner = claimResolved(inputs);
      return {};
    });
    return owner;
  }

  it("returns the name of the resource that has the tunnel by its ID", async () => {
    const namings = { first: { accountId: ACCOUNT, ipsecTunnelId: TUNNEL }, second: named };

    await expect(ownerAfter(namings, resolved)).resolves.toBe("first");
  });

  it("returns `undefined` to the one resource that manages the tunnel, as often as it asks", async () => {
    await expect(ownerAfter({ first: named }, resolved)).resolves.toBeUndefined();
  });

  it("returns `undefined` for a tunnel that is named by its ID, because that is claimed before", async () => {
    const byId = { accountId: ACCOUNT, ipsecTunnelId: TUNNEL };

    await expect(ownerAfter({ first: byId }, byId)).resolves.toBeUndefined();
  });

  it("lets a later resource know that has the tunnel by its ID", async () => {
    let owner: unknown;
    await pulumi.runtime.runInPulumiStack(async () => {
      await settled(claimTunnel("first", named));
      claimResolved(resolved);
      owner = (await settled(claimTunnel("second", { accountId: ACCOUNT, ipsecTunnelId: TUNNEL }))).value;
      return {};
    });

    expect(owner).toBe("first");
  });
});
