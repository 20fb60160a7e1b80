/**
 * Adds up the coverage of all runs since the last clean-up, and fails if it is below the threshold:
 *
 *   COVERAGE=yes npm test && COVERAGE=yes npm run test:engine && … && npm run coverage
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CoverageMapData } from "istanbul-lib-coverage";
import { type Coverage, shortfalls, sumOf } from "./sum";

// src/dynamic/dynamic-provider.ts is tested in a process of its own, so it counts as not covered.
const THRESHOLD: Coverage = { statements: 96, branches: 94, functions: 94, lines: 97 };
const FOLDER = resolve(__dirname, "../../coverage");

const files = existsSync(FOLDER) ? readdirSync(FOLDER).map((run) => join(FOLDER, run, "coverage-final.json")) : [];
const runs = files.filter(existsSync).map((file) => JSON.parse(readFileSync(file, "utf8")) as CoverageMapData);
const coverage = sumOf(runs);
const missing = shortfalls(coverage, THRESHOLD);

process.stdout.write(
  `Coverage of ${runs.length} runs: ${Object.entries(coverage)
    .map(([kind, percent]) => `${String(percent)}% of ${kind}`)
    .join(", ")}\n`,
);
process.stdout.write(missing.map((line) => `- ${line}\n`).join(""));
if (missing.length > 0 || runs.length === 0) process.exitCode = 1;
