import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Peer } from "../../bench/peers";
import { medianOf, type Results } from "../../bench/samples";
import { ROWS } from "../../bench/table";
import { requireBuild, ROOT } from "../support/build";

const OURS: readonly Peer[] = ["native", "dynamic"];

let folder: string;
let results: Results;

beforeAll(async () => {
  requireBuild();
  folder = await mkdtemp(join(tmpdir(), "ipsec-psk-bench-smoke-"));
  await promisify(execFile)("node_modules/.bin/tsx", ["bench/main.ts", "--smoke", "--out", folder], { cwd: ROOT });
  results = JSON.parse(await readFile(join(folder, "results.json"), "utf8")) as Results;
}, 900_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

function median(measure: string, who: Peer): number {
  return medianOf(results.samples, measure, who) ?? Number.NaN;
}

describe("the benchmark at its smallest scale", () => {
  it("measures every row of the table, and only values above zero", () => {
    const { samples } = results;

    expect([...new Set(samples.map(({ measure }) => measure))].sort()).toEqual(Object.keys(ROWS).sort());
    expect(samples.filter(({ value }) => !(value > 0))).toEqual([]);
  });

  it("draws a bar for every command and peer", async () => {
    const svg = await readFile(join(folder, "commands.svg"), "utf8");
    const seconds = results.samples.filter(
      ({ measure }) => measure.endsWith("Seconds") && measure !== "limitedSeconds",
    );

    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg.match(/<rect /g)).toHaveLength(seconds.length);
  });

  it("reports the machine and the versions", () => {
    const { versions, machine } = results.about;

    expect(Object.values(versions).every((version) => /^v?\d+\.\d+\.\d+/.test(version))).toBe(true);
    expect(machine).toMatch(/^\d+ × .+, \d+ GB, /);
  });
});

// Times need a quiet machine. What is tested below does not depend on the machine.
describe("the counted results", () => {
  it.each(OURS)("include at most 1,650 bytes of state per key (%s)", (who) => {
    expect(median("stateBytes", who)).toBeLessThanOrEqual(1_650);
  });

  it("include at most 12 MB installed", () => {
    expect(median("installedMegabytes", "dynamic")).toBeLessThanOrEqual(12);
  });

  it.each(OURS)("include at most 3 requests for a refresh with its preview (%s)", (who) => {
    expect(median("requestsPerRefresh", who)).toBeLessThanOrEqual(3);
  });

  it.each(OURS)("include one request per creation, and shared reads (%s)", (who) => {
    // How many keys share a read depends on the engine's pace. test/e2e/limits.test.ts checks the limit of 1.2 with 500 keys.
    expect(median("requestsPerCreation", who)).toBeGreaterThan(1);
    expect(median("requestsPerCreation", who)).toBeLessThan(2);
  });

  it("include 2,000 keys within 5% of the shortest time that the request limit allows", () => {
    expect(median("limitedSeconds", "dynamic")).toBeLessThanOrEqual(1.05 * median("limitedSeconds", "floor"));
  });
});
