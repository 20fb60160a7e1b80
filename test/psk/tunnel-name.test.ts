import { findNamed, namesInstead } from "../../src/psk/tunnel-name";
import type { ListedTunnel } from "../../src/tunnel";

const CREATED = "2026-11-30T07:01:05.040555Z";
const tunnel = (name: string, more: Partial<ListedTunnel> = {}): ListedTunnel => ({
  id: Buffer.from(name).toString("hex").padEnd(32, "0").slice(0, 32),
  name,
  createdOn: CREATED,
  ...more,
});
const branch = tunnel("branch-1");

describe("findNamed()", () => {
  it.each(["branch-1 ", "Branch-1", "branch-10", "branch-", ""])("does not take %p for branch-1", (name) => {
    expect(findNamed([branch], { ipsecTunnelName: name })).toEqual({ kind: "none" });
  });

  it("takes ü in one form of Unicode for another name than in the other form", () => {
    const zurich = tunnel("z\u00fcrich");

    expect(findNamed([zurich], { ipsecTunnelName: "zu\u0308rich" })).toEqual({ kind: "none" });
    expect(findNamed([zurich], { ipsecTunnelName: "z\u00fcrich" })).toMatchObject({ kind: "one" });
  });

  it.each(["2026-11-30T07:01:05Z", CREATED, "2026-11-30T08:01:05.9+01:00"])("finds a tunnel with the pin %s", (pin) => {
    const found = findNamed([tunnel("other"), branch], { ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: pin });

    expect(found).toEqual({ kind: "one", tunnel: branch, isPinIgnored: false });
  });

  it.each(["2026-11-30T07:01:04.999999Z", "2026-11-30T07:01:06Z", "2025-11-30T07:01:05Z"])(
    "does not find it with the pin %s",
    (pin) => {
      const sought = { ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: pin };

      expect(findNamed([branch], sought)).toEqual({ kind: "none" });
    },
  );

  it("ignores the pin, and says so, where the list does not show when a tunnel was created", () => {
    const undated: ListedTunnel = { id: branch.id, name: "branch-1" };

    expect(findNamed([undated], { ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: CREATED })).toEqual({
      kind: "one",
      tunnel: undated,
      isPinIgnored: true,
    });
  });

  it("finds none of two tunnels with one name, unless the pin tells them apart", () => {
    const later = tunnel("branch-1", { id: "f".repeat(32), createdOn: "2026-12-01T00:00:00.5Z" });
    const sought = { ipsecTunnelName: "branch-1" };

    expect(findNamed([branch, later], sought)).toEqual({ kind: "several" });
    expect(findNamed([branch, later], { ...sought, ipsecTunnelCreatedOn: "2026-12-01T00:00:00Z" })).toMatchObject({
      tunnel: later,
    });
  });
});

describe("namesInstead()", () => {
  const names = ["tokyo", "branch-12", "Branch-2", "paris", "brunch-1", "x", "berlin"].map((name) => tunnel(name));

  it("names the closest names first, at most five", () => {
    expect(namesInstead(names, { ipsecTunnelName: "branch-1" })).toBe(
      'it has "branch-12", "Branch-2", "brunch-1", "paris", "berlin" and 2 more',
    );
  });

  it("says that the tunnel of that name was created at another time", () => {
    const sought = { ipsecTunnelName: "branch-1", ipsecTunnelCreatedOn: "2026-12-01T00:00:00Z" };

    expect(namesInstead([branch], sought)).toBe(
      `its tunnel of that name was created at ${CREATED}, not at 2026-12-01T00:00:00Z`,
    );
  });

  it.each<[readonly ListedTunnel[], string]>([
    [[], "it has no IPsec tunnels"],
    [[{ id: branch.id }], "its list shows no names of tunnels"],
  ])("says of %j that %s", (tunnels, expected) => {
    expect(namesInstead(tunnels, { ipsecTunnelName: "branch-1" })).toBe(expected);
  });

  it("escapes what a terminal would act on, and compares names of any length in time", () => {
    const hostile = tunnel(`\u001b[2J${"x".repeat(100_000)}`);

    const text = namesInstead([hostile], { ipsecTunnelName: "y".repeat(100_000) });

    expect(text).toContain("\\u001b");
    expect(text.length).toBeLessThan(1_000);
  });
});
