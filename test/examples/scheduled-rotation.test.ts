import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { requireBuild, ROOT } from "../support/build";
import { startEngine, type TestEngine } from "../support/engine";
import { evaluate } from "./run-example";

const FOLDER = join(ROOT, "examples/scheduled-rotation");
const DAY_MS = 24 * 60 * 60 * 1000;

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

// Beside quick-start, the only example whose resources need no plugin binary: it runs on the real engine.
describe("examples/scheduled-rotation on the real engine, against the simulator", () => {
  let engine: TestEngine;
  let tunnelId: string;

  async function startDaysAgo(days: number): Promise<void> {
    requireBuild();
    engine = await startEngine();
    engine.setClock(-days * DAY_MS);
    tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
  }

  afterEach(() => engine.close());

  /** What the workflow runs: `pulumi up --refresh --yes`. */
  const up = () =>
    engine.up(
      () => {
        pulumi.runtime.setConfig("demo:accountId", engine.simulator.accountId);
        pulumi.runtime.setConfig("demo:ipsecTunnelId", tunnelId);
        return Promise.resolve(evaluate(join(FOLDER, "index.ts")));
      },
      { refresh: true },
    );
  const generations = () => engine.simulator.requests().filter(({ operation }) => operation === "generate").length;

  // 88 and not 89, in case midnight passes during the test.
  it("changes nothing while the key is younger than 90 days, and exports the day of the next rotation", async () => {
    await startDaysAgo(88);
    const before = Date.now();
    const first = await up();
    const after = Date.now();
    engine.setClock(0);

    const second = await up();

    expect([before, after].map((now) => dayOf(now + 2 * DAY_MS))).toContain(first.outputs.nextRotationOn?.value);
    expect(second.steps).toEqual({ same: 2 });
    expect(generations()).toBe(1);
  });

  it("replaces the key when it is 90 days old, and exports the new one as a secret", async () => {
    await startDaysAgo(90);
    await up();
    engine.setClock(0);

    const second = await up();

    expect(second.steps).toEqual({ same: 1, update: 1 });
    expect(generations()).toBe(2);
    expect(second.outputs.psk).toEqual({ value: engine.simulator.keyAtEdge(tunnelId), secret: true });
    expect(engine.leaks()).toEqual([]);
  });
});

describe("examples/scheduled-rotation/rotate.yml", () => {
  const workflow = readFileSync(join(FOLDER, "rotate.yml"), "utf8");

  it("runs each Monday what docs/reference.md says, and prints only the day of the next rotation", () => {
    const commands = [...workflow.matchAll(/^ +- run: (.+)$/gm)].map(([, command]) => command);

    expect(workflow).toMatch(/^ +- cron: "\d+ \d+ \* \* 1"/m);
    expect(commands).toEqual([
      "npm ci",
      "pulumi up --refresh --yes --stack prod",
      "pulumi stack output nextRotationOn --stack prod",
    ]);
    expect(readFileSync(join(ROOT, "docs/reference.md"), "utf8")).toContain("\npulumi up --refresh --yes\n");
  });
});
