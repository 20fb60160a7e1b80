import { ensurePulumiCli } from "./ensure-pulumi-cli";

// Prints only the path on stdout, for use in scripts: PULUMI=$(npm run --silent pulumi-cli).
ensurePulumiCli({ onProgress: (line) => process.stderr.write(`${line}\n`) }).then(
  (path) => process.stdout.write(`${path}\n`),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  },
);
