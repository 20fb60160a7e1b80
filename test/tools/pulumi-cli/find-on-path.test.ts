import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { findOnPath } from "../../../tools/pulumi-cli/find-on-path";
import { Sandbox } from "./support/sandbox";

// Each test starts several programs, which takes time on a busy machine.
jest.setTimeout(30_000);

let sandbox: Sandbox;
let first: string;
let second: string;
let skipped: string[];

beforeEach(() => {
  sandbox = new Sandbox();
  [first, second] = [join(sandbox.directory, "first"), join(sandbox.directory, "second")];
  skipped = [];
});

afterEach(() => {
  sandbox.remove();
});

function find(): Promise<string | undefined> {
  return findOnPath({ PATH: `${first}:${second}` }, (reason) => skipped.push(reason));
}

describe("findOnPath()", () => {
  it("returns the first usable CLI", async () => {
    sandbox.addPulumi(first, "echo v3.100.0");
    sandbox.addPulumi(second);
    sandbox.addLauncher(second);
    await expect(find()).resolves.toBe(join(second, "pulumi"));
  });

  it("finds the launcher next to the target of a symbolic link", async () => {
    const elsewhere = join(sandbox.directory, "elsewhere");
    sandbox.addPulumi(elsewhere);
    sandbox.addLauncher(elsewhere);
    mkdirSync(first);
    symlinkSync(join(elsewhere, "pulumi"), join(first, "pulumi"));
    await expect(find()).resolves.toBe(join(first, "pulumi"));
  });

  it("reports a CLI that is too old", async () => {
    sandbox.addPulumi(first, "echo v3.100.0");
    sandbox.addLauncher(first);
    await find();
    expect(skipped).toEqual([`skipped ${join(first, "pulumi")}: version 3.100.0 is older than 3.248.0`]);
  });

  it("reports a CLI without its launcher", async () => {
    sandbox.addPulumi(first);
    await find();
    expect(skipped).toEqual([
      `skipped ${join(first, "pulumi")}: its launcher pulumi-resource-pulumi-nodejs is missing`,
    ]);
  });

  it("reports a CLI that fails", async () => {
    sandbox.addPulumi(first, "echo wrong machine >&2; exit 1");
    sandbox.addLauncher(first);
    await find();
    expect(skipped).toEqual([`skipped ${join(first, "pulumi")}: "pulumi version" failed: wrong machine`]);
  });

  it("reports that there is no CLI", async () => {
    await find();
    expect(skipped).toEqual(["there is no pulumi command"]);
  });
});
