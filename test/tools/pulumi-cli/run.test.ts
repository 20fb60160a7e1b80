import { run } from "../../../tools/pulumi-cli/run";
import { Sandbox } from "./support/sandbox";

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = new Sandbox();
});

afterEach(() => {
  sandbox.remove();
});

function shell(script: string, isProgress: (line: string) => boolean = () => false, timeLimitMs = 60_000) {
  sandbox.addProgram(`${sandbox.path}/program`, script);
  return run("program", ["go"], { env: sandbox.env, timeLimitMs, isProgress });
}

describe("run()", () => {
  it("returns the stdout of the program", async () => {
    await expect(shell("echo one; echo two >&2")).resolves.toBe("one\n");
  });

  it("rejects with the stderr of the program, without its progress", async () => {
    const failure = shell("echo 50 % >&2; echo disk full >&2; exit 3", (line) => line.includes("%"));
    await expect(failure).rejects.toThrow(/^disk full$/);
  });

  it("rejects with the exit code if a program fails without output", async () => {
    await expect(shell("exit 3")).rejects.toThrow('"program go" exited with exit code 3');
  });

  it("stops a program that takes too long", async () => {
    const never = sandbox.addFifo("never");
    await expect(shell(`read line < "${never}"`, undefined, 20)).rejects.toThrow(
      '"program go" took longer than 0.02 s',
    );
  });

  it("passes only the given environment to the program", async () => {
    process.env.RUN_TEST_LEAK = "leaked";
    const leak = await shell('echo "<$RUN_TEST_LEAK>"');
    delete process.env.RUN_TEST_LEAK;
    expect(leak).toBe("<>\n");
  });
});
