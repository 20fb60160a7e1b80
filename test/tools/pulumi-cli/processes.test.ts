import { spawnSync } from "node:child_process";
import { createReadStream, mkdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { holderName } from "../../../tools/pulumi-cli/lock";
import { pinned, Sandbox } from "./support/sandbox";
import { startProcess } from "./support/start-process";
import type { StartedProcess } from "./support/start-process";

// Each test starts several programs, which takes time on a busy machine.
jest.setTimeout(60_000);

const main = join(__dirname, "../../../tools/pulumi-cli/main.ts");
let sandbox: Sandbox;
let started: StartedProcess[];

beforeEach(() => {
  sandbox = new Sandbox();
  started = [];
});

afterEach(async () => {
  for (const { child } of started) child.kill();
  await Promise.all(started.map(({ end }) => end));
  sandbox.remove();
});

function start(program = join(__dirname, "support/ensure.ts")): StartedProcess {
  const process = startProcess(program, sandbox.env);
  started.push(process);
  return process;
}

describe("ensurePulumiCli() in several processes", () => {
  it.each([
    ["that start in parallel", () => undefined],
    [
      "that find the lock of a process that has exited",
      () => {
        addLockOf(spawnSync("true").pid);
      },
    ],
  ])("builds once for processes %s", async (_, arrange) => {
    arrange();
    const gate = sandbox.addFifo("gate");
    sandbox.addGo({ duringBuild: `read line < "${gate}"` });
    const processes = [start(), start(), start()];

    // The build is blocked until each process either builds or waits, so that all of them meet.
    await Promise.all(processes.map((one) => one.waitForLine("Building", "Waiting")));
    await writeFile(gate, "go on\n");
    const ends = await Promise.all(processes.map((one) => one.end));

    expect({ builds: sandbox.builds().length, paths: ends.map((end) => end.stdout) }).toEqual({
      builds: 1,
      paths: [sandbox.binary, sandbox.binary, sandbox.binary],
    });
  });
});

describe("ensurePulumiCli() after SIGTERM during a build", () => {
  it("stops the build", async () => {
    const { build, killed } = await startBlockedBuild();
    killed.child.kill("SIGTERM");
    // The pipe ends when its last writer has exited.
    await once(build.resume(), "end");
    await expect(killed.end).resolves.toMatchObject({ signal: "SIGTERM" });
  });

  it("leaves neither a partial installation nor a lock", async () => {
    const { killed } = await startBlockedBuild();
    killed.child.kill("SIGTERM");
    await killed.end;
    expect(sandbox.cached()).toEqual([]);
  });
});

describe("ensurePulumiCli() after SIGKILL during a build", () => {
  it("builds again", async () => {
    const { build, gate, killed } = await startBlockedBuild();
    killed.child.kill("SIGKILL");
    await killed.end;
    await writeFile(gate, "go on\n");
    await once(build.resume(), "end");

    sandbox.addGo();
    await start().end;
    expect({ cached: sandbox.cached(), builds: sandbox.builds().length }).toEqual({ cached: [pinned], builds: 2 });
  });
});

describe("main", () => {
  it("prints only the path on stdout", async () => {
    sandbox.addPulumi(join(sandbox.root, "bin"));
    sandbox.addLauncher(join(sandbox.root, "bin"));
    await expect(start(main).end).resolves.toMatchObject({
      code: 0,
      stdout: `${sandbox.binary}\n`,
    });
  });

  it("explains a failure on stderr, with exit code 1", async () => {
    writeFileSync(sandbox.cache, "a file where a directory should be");
    await expect(start(main).end).resolves.toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("Cannot install a Pulumi CLI in") as string,
    });
  });
});

function addLockOf(pid: number): void {
  const lock = `${sandbox.root}.lock`;
  mkdirSync(lock, { recursive: true });
  writeFileSync(join(lock, holderName(pid, Date.now())), "");
}

/** Starts a process whose `go build` waits at the gate, in a child process. Both keep a pipe open. */
async function startBlockedBuild() {
  const gate = sandbox.addFifo("gate");
  const pipe = sandbox.addFifo("pipe");
  sandbox.addGo({ duringBuild: `exec 3> "${pipe}"; echo started >&3; (read line < "${gate}")` });
  const killed = start();
  const build = createReadStream(pipe);
  await once(build, "readable");
  return { gate, build, killed };
}
