// Which command runs which tests: test/README.md. A test belongs to the first run that names it, or a folder above it.
const RUNS = {
  faults: ["e2e/fault-matrix/", "e2e/interruption/", "e2e/limits.test.ts", "model/lifecycle.full.model.test.ts"],
  routers: ["e2e/handshake.test.ts", "e2e/two-tunnels/drill.test.ts", "gateways/handshake/"],
  docs: [
    "docs/api.test.ts",
    "docs/code-blocks.test.ts",
    "docs/getting-started.test.ts",
    "docs/test-your-stack.test.ts",
    "examples/",
  ],
  // What compiles with Go, or downloads Node.js, is not in `npm test`.
  languages: ["e2e/native/", "tools/plugin/executables.test.ts", "tools/plugin/self-contained.test.ts"],
  engine: ["bench/smoke.test.ts", "e2e/"],
  quick: [""],
};

// The CLI lives for seconds, in which Go collects garbage for a fifth of its time.
process.env.GOGC ??= "400";

const project = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022" }, sourceMaps: "inline" }] },
  // What is loaded late is named as Node wants it, by its file after the build.
  moduleNameMapper: {
    "^(\\./(?:hook-context|cloudflare-tunnels|drift-reads|gateway-config|functions))\\.js$": "$1",
    "^(\\.\\./preview/(?:preflight|connect-for-preview))\\.js$": "$1",
  },
  // The package links to itself in node_modules, as Pulumi's provider host needs it: do not walk in circles.
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/node_modules/pulumi-cloudflare-ipsec-psk"],
};

const all = Object.values(RUNS);
const testsIn = (path) => `<rootDir>/test/${path.endsWith(".ts") ? path : `${path}**/*.test.ts`}`;
const below = (path) => `<rootDir>/test/${path}`;

/** @type {import("jest").Config} */
module.exports = {
  projects: Object.entries(RUNS).map(([displayName, paths], index) => ({
    ...project,
    displayName,
    testMatch: paths.map(testsIn),
    testPathIgnorePatterns: all.slice(0, index).flat().map(below),
  })),
  testSequencer: "<rootDir>/test/support/longest-first.cjs",
  // One command of the engine takes about two seconds, and a test may need several on a busy machine.
  testTimeout: 120_000,
  // Each run writes its own; `npm run coverage` adds them up.
  collectCoverage: process.env.COVERAGE === "yes",
  collectCoverageFrom: ["src/**/*.ts"],
  coverageDirectory: `coverage/${process.pid}`,
  coverageReporters: ["json"],
};
