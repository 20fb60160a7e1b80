// Usage: node install-official-cli.cjs <root> <version>
const { createRequire } = require("node:module");
const process = require("node:process");
const { PulumiCommand } = require("@pulumi/pulumi/automation");

// The Automation API requires an instance of its own semver's class, and semver is not a dependency of this package.
const { SemVer } = createRequire(require.resolve("@pulumi/pulumi/automation"))("semver");
const [root, version] = process.argv.slice(2);

PulumiCommand.install({ root, version: new SemVer(version), skipVersionCheck: true }).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
