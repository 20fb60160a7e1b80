import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeWithoutLeaks } from "../../support/engine";
import { describeWithStrongswan } from "../../support/strongswan";
import { waitUntil } from "../../support/wait-until";
import { NAMES, quarter } from "./pair-config";
import { type RealSite, startRealSite } from "./real-site";
import { type Losses, underTraffic } from "./traffic";

describeWithStrongswan("a rotation of both keys of a site under traffic", () => {
  let site: RealSite | undefined;

  afterEach(async () => {
    const closing = site;
    site = undefined;
    if (closing === undefined) return;
    const leaks = () => closing.stack.leaks(closing.issuedKeys());
    await closeWithoutLeaks({ leaks, close: () => closing.close() });
  });

  it("loses no ping on both tunnels at once", async () => {
    site = await startRealSite();
    const before = await sasOf(site);

    const { result, losses } = await underTraffic(site, rotate);
    const after = await sasOf(site);

    report("in order", losses);
    expect(result.succeeded).toBe(true);
    expect(site.generated).toEqual(NAMES);
    expect(Object.keys(after)).toEqual(NAMES);
    expect(after["site-1"]).not.toBe(before["site-1"]);
    expect(after["site-2"]).not.toBe(before["site-2"]);
    expect(losses.onBoth).toBe(0);
  });

  it("loses no ping on both even if each router authenticates again at the worst moment", async () => {
    site = await startRealSite();
    site.beforeAnswer = refusedAtTheWorstMoment;

    const { result, losses } = await underTraffic(site, rotate);

    report("in order, at the worst moment", losses);
    expect(result.succeeded).toBe(true);
    expect(losses.first).toBeGreaterThan(0);
    expect(losses.second).toBeGreaterThan(0);
    expect(losses.onBoth).toBe(0);
  });

  it("loses pings on both without the order, at the same moment", async () => {
    site = await startRealSite(withoutOrder);
    let refused = 0;
    // The engine may rotate both in parallel, and here it does: no key is verified, and so none is loaded, before both are new.
    site.beforeAnswer = async (operation, router) => {
      await refusedAtTheWorstMoment(operation, router);
      if (operation === "generate") refused += 1;
      else if (refused > 0) await waitUntil("both routers were refused", () => refused === 2, 10_000);
    };

    const { result, losses } = await underTraffic(site, rotate);

    report("without the order, at the worst moment", losses);
    expect(result.succeeded).toBe(true);
    expect(losses.onBoth).toBeGreaterThan(0);
  });

  it("leaves the second tunnel alone while the first router refuses, and continues after the repair", async () => {
    site = await startRealSite();
    site.beforeAnswer = refusedAtTheWorstMoment;
    const broken = join(site.routers[0]?.etc ?? "", "conf.d/broken.conf");
    writeFileSync(broken, "connections {{");
    const before = await sasOf(site);

    const { result, losses } = await underTraffic(site, rotate, { replyingAfterwards: [1] });

    report("with a first router that refuses, at the worst moment", losses);
    expect(result.succeeded).toBe(false);
    expect(result.text).toMatch(/load-site-1\):\n +error: exit status 1: running "sh load-site-1.sh site-1"/);
    expect(site.generated).toEqual(["site-1"]);
    expect(await sasOf(site)).toEqual({ "site-2": before["site-2"] });
    expect(losses.first).toBeGreaterThan(0);
    expect(losses).toMatchObject({ second: 0, onBoth: 0 });

    rmSync(broken);
    const repaired = await site.stack.up();

    expect(repaired.succeeded).toBe(true);
    expect(site.generated).toEqual(NAMES);
    expect(Object.keys(await sasOf(site))).toEqual(NAMES);
  });
});

async function rotate({ stack }: RealSite) {
  await stack.configure(quarter("2026-Q4"));
  return stack.up();
}

/** Makes the router authenticate again when the edge has the new key and the router the old one: the tunnel goes down. */
const refusedAtTheWorstMoment: RealSite["beforeAnswer"] = async (operation, router) => {
  if (operation !== "generate" || router === undefined) return;
  const attempt = await router.reauthenticate(router.name);
  expect(attempt).toEqual({ established: false, reason: "AUTHENTICATION_FAILED" });
};

/** Removes the one option that orders the example. */
function withoutOrder(program: string): string {
  return program.replace("  { dependsOn: [loadFirst] },\n", "");
}

/** Returns the edge's IKE SAs by tunnel: the same number is the same SA. An abandoned attempt may stay half open. */
async function sasOf({ edge }: RealSite): Promise<Readonly<Record<string, string>>> {
  const established = (await edge.sas()).filter(({ state }) => state === "ESTABLISHED");
  return Object.fromEntries(established.map(({ name, uniqueid }) => [name, uniqueid] as const).sort());
}

function report(what: string, { sent, first, second, onBoth }: Losses): void {
  process.stderr.write(
    `DRILL, ${what}: of ${sent} pings over each tunnel, one every 10 ms, ${first} lost on the first, ` +
      `${second} on the second, ${onBoth} on both at once\n`,
  );
}
