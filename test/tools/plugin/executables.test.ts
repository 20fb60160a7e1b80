import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { adHocSigned, withoutSymbols } from "../../../tools/plugin/executables";

const run = promisify(execFile);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ipsec-psk-executables-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Compiles an empty program. */
async function goProgram(os: string, arch: string): Promise<string> {
  writeFileSync(join(folder, "main.go"), "package main\n\nfunc main() { println(42) }\n");
  const env = { ...process.env, GOOS: os, GOARCH: arch, CGO_ENABLED: "0", GO111MODULE: "off" };
  await run("go", ["build", "-trimpath", "-o", "program", "main.go"], { cwd: folder, env });
  return join(folder, "program");
}

/** Takes the signature from a Mach-O executable, and the last load command, which names it. */
function unsigned(signed: Buffer): Buffer {
  const [count, size] = [signed.readUInt32LE(16), signed.readUInt32LE(20)];
  const command = 32 + size - 16;
  expect(signed.readUInt32LE(command)).toBe(0x1d);
  const copy = Buffer.from(signed.subarray(0, signed.readUInt32LE(command + 8)));
  copy.fill(0, command, command + 16);
  copy.writeUInt32LE(count - 1, 16);
  copy.writeUInt32LE(size - 16, 20);
  return copy;
}

describe("adHocSigned()", () => {
  it("signs as Go's linker does, to the byte", async () => {
    const signed = readFileSync(await goProgram("darwin", "arm64"));

    expect(adHocSigned(unsigned(signed), "a.out").equals(signed)).toBe(true);
  });

  it("refuses what is signed, or is for another system", async () => {
    const signed = readFileSync(await goProgram("darwin", "arm64"));

    expect(() => adHocSigned(signed, "a.out")).toThrow("Cannot sign: the executable is signed");
    expect(() => adHocSigned(Buffer.alloc(64), "a.out")).toThrow("Cannot sign: this is not a Mach-O executable");
  });
});

describe("withoutSymbols()", () => {
  it("keeps an ELF executable that runs, and is smaller", async () => {
    const program = await goProgram("linux", process.arch === "x64" ? "amd64" : process.arch);
    const whole = readFileSync(program);

    const stripped = withoutSymbols(whole);

    expect(stripped.length).toBeLessThan(0.8 * whole.length);
    if (process.platform !== "linux") return;
    writeFileSync(join(folder, "stripped"), stripped, { mode: 0o755 });
    await expect(run(join(folder, "stripped"))).resolves.toMatchObject({ stderr: "42\n" });
  });

  it("refuses what is for another system", () => {
    expect(() => withoutSymbols(Buffer.alloc(64))).toThrow("this is not an ELF executable");
  });
});
