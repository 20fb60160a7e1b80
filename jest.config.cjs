/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  // One command of the engine takes about two seconds, and a test may need several on a busy machine.
  testTimeout: 120_000,
  collectCoverageFrom: ["src/**/*.ts"],
  // src/dynamic/dynamic-provider.ts is tested in a process of its own, so it counts as not covered.
  coverageThreshold: { global: { statements: 96, branches: 94, functions: 94, lines: 97 } },
  transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022" }, sourceMaps: "inline" }] },
  // What is loaded late is named as Node wants it, by its file after the build.
  moduleNameMapper: {
    "^(\\./(?:hook-context|cloudflare-tunnels|drift-reads|gateway-config|functions))\\.js$": "$1",
    "^(\\.\\./preview/(?:preflight|connect-for-preview))\\.js$": "$1",
  },
  // The package links to itself in node_modules, as Pulumi's provider host needs it: do not walk in circles.
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/node_modules/pulumi-cloudflare-ipsec-psk"],
};
