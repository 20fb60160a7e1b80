import { type Simulator, startSimulator } from "../../../src/simulator";
import { type ExampleStack, startExample } from "../../support/example-stack";
import { findLeaks } from "../../support/leaks";
import { createFakeRouter, type FakeRouter } from "./fake-router";
import { NAMES, pairConfig, quarter } from "./pair-config";

/** Both tunnels, one after the other; the script is on the routers already. */
const IN_ORDER = NAMES.flatMap((name) => [name, `load-${name}`]).flatMap((step) => [`start ${step}`, `end ${step}`]);

let simulator: Simulator;
let tunnelIds: readonly string[];
let routers: { readonly first: FakeRouter; readonly second: FakeRouter };
let stack: ExampleStack;

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
  const texts = new Map([
    ...stack.written(),
    ["arguments on the first router", routers.first.calls()],
    ["arguments on the second router", routers.second.calls()],
  ]);
  const leaks = findLeaks(texts, simulator.issuedKeys());
  await stack.close();
  routers.first.remove();
  routers.second.remove();
  await simulator.close();
  expect(leaks).toEqual([]);
});

/** What was asked of Cloudflare that takes effect, by the tunnels' names. */
function generated(): (string | undefined)[] {
  const generations = simulator.requests().filter(({ operation }) => operation === "generate");
  return generations.map(({ tunnelId = "" }) => NAMES[tunnelIds.indexOf(tunnelId)]);
}

describe("examples/two-tunnels", () => {
  it("rotates the second key only after the first router has loaded its own", async () => {
    const created = await stack.up();
    await stack.setConfig(quarter("2026-Q4"));
    simulator.clearRequests();

    const preview = await stack.preview();
    const generatedByPreview = generated();
    const rotated = await stack.up();

    expect(created.steps.filter((step) => !step.includes("script"))).toEqual(IN_ORDER);
    expect(preview.steps.filter((step) => step.startsWith("start"))).toEqual(
      IN_ORDER.filter((step) => step.startsWith("start")),
    );
    expect(generatedByPreview).toEqual([]);
    expect(rotated.steps).toEqual(IN_ORDER);
    expect(generated()).toEqual(NAMES);
  });

  it("leaves the second key alone when the first load fails, even with --continue-on-error", async () => {
    await stack.up();
    const before = simulator.keyAtEdge(tunnelIds[1] ?? "");
    routers.first.answer("--initiate", "echo received AUTHENTICATION_FAILED notify error; exit 1");
    await stack.setConfig(quarter("2026-Q4"));
    simulator.clearRequests();

    const failed = await stack.up({ continueOnError: true });

    expect(failed.succeeded).toBe(false);
    expect(failed.text).toContain("site-1: not established: received AUTHENTICATION_FAILED notify error");
    expect(generated()).toEqual(["site-1"]);
    expect(simulator.keyAtEdge(tunnelIds[1] ?? "")).toBe(before);

    routers.first.answer("--initiate", "echo initiate completed successfully");
    const repaired = await stack.up();

    expect(repaired.succeeded).toBe(true);
    // The first key is in the state: it is loaded again, not generated again.
    expect(repaired.steps).toEqual(IN_ORDER.filter((step) => !step.endsWith(" site-1")));
    expect(generated()).toEqual(NAMES);
  });
});
