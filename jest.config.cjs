/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  // One command of the engine takes about two seconds, and a test may need several on a busy machine.
  testTimeout: 120_000,
  transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022" }, sourceMaps: "inline" }] },
  // The package links to itself in node_modules, as Pulumi's provider host needs it: do not walk in circles.
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/node_modules/pulumi-cloudflare-ipsec-psk"],
};
