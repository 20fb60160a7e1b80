// Usage: node install-official-cli.cjs <root> <version>
const { createRequire } = require("node:module");
const process = require("node:process");
const { PulumiCommand } = require("@pulumi/pulumi/automation");

// The Automation API asks for an instance of its own semver's class, and that package is no dependency of ours.
const { SemVer } = createRequire(require.resolve("@pulumi/pulumi/automation"))("semver");
const [root, version] = process.argv.slice(2);

PulumiCommand.install({ root, version: new SemVer(version), skipVersionCheck: true }).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
