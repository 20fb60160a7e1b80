import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VERSION } from "../../src/version";
import { packTarGz } from "../plugin/tar";
import type { GoToolOptions } from "../pulumi-cli";
import { run } from "../pulumi-cli/run";
import { compileNodeSdk } from "./compile-node-sdk";
import { ensurePython } from "./ensure-python";
import { generateSdk, SDK_LANGUAGES, type SdkLanguage } from "./run-generator";

const ROOT = join(__dirname, "../..");
const LIMITS = { env: process.env, timeLimitMs: 5 * 60_000 };

/** Packs a generated SDK as its language ships it, into a folder. */
type Pack = (sdk: string, output: string) => Promise<void>;

/**
 * Generates the SDK of each language, and packs it as its language ships it: a wheel and an sdist, an npm package, and a Go module.
 *
 * @throws {Error} If Python, Go or a package registry is missing.
 */
export async function createSdkPackages(output: string, options?: GoToolOptions): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "ipsec-psk-sdks-"));
  await mkdir(output, { recursive: true });
  try {
    for (const language of SDK_LANGUAGES) {
      const sdk = join(work, language);
      await generateSdk(language, sdk, options);
      await cp(join(ROOT, "LICENSE"), join(sdk, "LICENSE"));
      await PACKS[language](sdk, output);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const PACKS: Readonly<Record<SdkLanguage, Pack>> = { python: packPython, nodejs: packNode, go: packGo };

async function packPython(sdk: string, output: string): Promise<void> {
  const python = await ensurePython();
  // Each in a process of its own, because setuptools refuses the second build of one.
  for (const build of ["build_wheel", "build_sdist"]) {
    const program = `import sys; from setuptools import build_meta; build_meta.${build}(sys.argv[1])`;
    await run(python, ["-c", program, output], { ...LIMITS, cwd: sdk });
  }
}

async function packNode(sdk: string, output: string): Promise<void> {
  await mkdir(join(sdk, "node_modules/@pulumi"), { recursive: true });
  await symlink(join(ROOT, "node_modules/@pulumi/pulumi"), join(sdk, "node_modules/@pulumi/pulumi"));
  const manifest = join(sdk, "package.json");
  const generated = JSON.parse(await readFile(manifest, "utf8")) as { dependencies: Record<string, string> };
  // Compiled here instead of by an install script, so it needs no compiler.
  const dependencies = { ...generated.dependencies, typescript: undefined };
  await writeFile(
    manifest,
    JSON.stringify({ ...generated, scripts: undefined, dependencies, files: ["bin"] }, null, 2),
  );
  await compileNodeSdk(sdk);
  await run("npm", ["pack", "--silent", "--pack-destination", output], { ...LIMITS, cwd: sdk });
}

/** Nothing depends on the time or the machine. */
async function packGo(sdk: string, output: string): Promise<void> {
  const entries = await readdir(sdk, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const files = paths.sort().map(async (path) => {
    return { name: path.slice(sdk.length + 1), content: await readFile(path), isExecutable: false };
  });
  await writeFile(join(output, `cloudflare-ipsec-psk-go-sdk-${VERSION}.tar.gz`), packTarGz(await Promise.all(files)));
}
