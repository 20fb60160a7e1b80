// A program for tests of several processes: like main.ts, but without the download, which no test may start.
import { build } from "../../../../tools/pulumi-cli/build";
import { ensurePulumiCli } from "../../../../tools/pulumi-cli";
import { unreachable } from "./sources";

void ensurePulumiCli({
  sources: [unreachable, build],
  onProgress: (line) => process.stderr.write(`${line}\n`),
}).then((path) => process.stdout.write(path));
