import { type Simulator, startSimulator } from "../../../src/simulator";
import { closeWithoutLeaks, type ProjectStack, startExample } from "../../support/engine";
import { createFakeRouter, type FakeRouter } from "../../support/fake-router";
import { findLeaks } from "../../support/leaks";
import { NAMES, pairConfig, quarter } from "./pair-config";

/** Both tunnels, one after the other. The script is on the routers. */
const IN_ORDER = NAMES.flatMap((name) => [name, `load-${name}`]).flatMap((step) => [`start ${step}`, `end ${step}`]);

let simulator: Simulator;
let tunnelIds: readonly string[];
let routers: { readonly first: FakeRouter; readonly second: FakeRouter };
let stack: ProjectStack;

beforeEach(async () => {
  simulator = await startSimulator();
  tunnelIds = NAMES.map((name) => simulator.addTunnel({ name }));
  routers = { first: createFakeRouter(), second: createFakeRouter() };
  stack = await startExample("two-tunnels", {
    config: { ...pairConfig(simulator, tunnelIds), ...quarter("2026-Q3") },
    hosts: { "router-1": routers.first.env, "router-2": routers.second.env },
  });
});

afterEach(async () => {
  const calls = new Map([
    ["arguments on the first router", routers.first.calls()],
    ["arguments on the second router", routers.second.calls()],
  ]);
  routers.first.remove();
  routers.second.remove();
  await simulator.close();
  await closeWithoutLeaks(stack, simulator.issuedKeys());
  expect(findLeaks(calls, simulator.issuedKeys())).toEqual([]);
});

/** Returns the tunnels whose keys were generated, by name, in order. */
function generated(): (string | undefined)[] {
  const generations = simulator.requests().filter(({ operation }) => operation === "generate");
  return generations.map(({ tunnelId = "" }) => NAMES[tunnelIds.indexOf(tunnelId)]);
}

describe("examples/two-tunnels", () => {
  it("rotates the second key only after the first router has loaded its own", async () => {
    const created = await stack.up();
    await stack.configure(quarter("2026-Q4"));
    simulator.clearRequests();

    const preview = await stack.preview();
    const generatedByPreview = generated();
    const rotated = await stack.up();

    expect(created.order.filter((step) => !step.includes("script"))).toEqual(IN_ORDER);
    expect(preview.order.filter((step) => step.startsWith("start"))).toEqual(
      IN_ORDER.filter((step) => step.startsWith("start")),
    );
    expect(generatedByPreview).toEqual([]);
    expect(rotated.order).toEqual(IN_ORDER);
    expect(generated()).toEqual(NAMES);
  });

  it("leaves the second key alone if the first load fails, even with --continue-on-error", async () => {
    await stack.up();
    const before = simulator.keyAtEdge(tunnelIds[1] ?? "");
    routers.first.script("--initiate", "echo received AUTHENTICATION_FAILED notify error; exit 1");
    await stack.configure(quarter("2026-Q4"));
    simulator.clearRequests();

    const failed = await stack.up({ continueOnError: true });

    expect(failed.succeeded).toBe(false);
    expect(failed.text).toContain("site-1: not established: received AUTHENTICATION_FAILED notify error");
    expect(generated()).toEqual(["site-1"]);
    expect(simulator.keyAtEdge(tunnelIds[1] ?? "")).toBe(before);

    routers.first.repair("--initiate");
    const repaired = await stack.up();

    expect(repaired.succeeded).toBe(true);
    // The first key is in the state: it is loaded again, not generated again.
    expect(repaired.order).toEqual(IN_ORDER.filter((step) => !step.endsWith(" site-1")));
    expect(generated()).toEqual(NAMES);
  });
});
