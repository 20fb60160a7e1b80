import { execFile } from "node:child_process";
import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureYamlLanguageHost } from "../../../tools/pulumi-cli";
import { compileNodeSdk, ensurePython, generateSdk } from "../../../tools/sdk";
import type { UserProject } from "../user-project";
import type { Driver } from "./driver";

/** A language in which users write programs with the native provider. */
export interface Language {
  readonly name: string;
  /** The folder of its example, in `examples`, and the file of its program there. */
  readonly example: string;
  readonly program: string;
  /** Prepares a machine for programs in this language: tools, and the generated SDK in the user's folder. */
  install(user: Pick<UserProject, "folder">): Promise<void>;
  /** Runs its programs. Without one, the CLI does, with a language host. */
  driver?(user: Pick<UserProject, "folder">): Promise<Driver>;
}

const run = promisify(execFile);

const YAML: Language = {
  name: "YAML",
  example: "yaml",
  program: "Pulumi.yaml",
  install: async () => {
    await ensureYamlLanguageHost();
  },
};

const NODE: Language = {
  name: "TypeScript, with the generated SDK",
  example: "node-native",
  program: "index.ts",
  install: async ({ folder }) => {
    const sdk = join(folder, "node_modules/cloudflare-ipsec-psk");
    await generateSdk("nodejs", sdk);
    await compileNodeSdk(sdk);
  },
};

const PYTHON: Language = {
  name: "Python",
  example: "python",
  program: "__main__.py",
  install: async ({ folder }) => {
    await generateSdk("python", sdkIn(folder, "python"));
    await installPythonSdk(sdkIn(folder, "python"), join(folder, "site-packages"));
  },
  driver: async ({ folder }) => {
    const python = await ensurePython();
    return {
      prepare: () => Promise.resolve([python, "-B", join(__dirname, "python/driver.py")]),
      env: { PYTHONPATH: join(folder, "site-packages") },
    };
  },
};

const GO: Language = {
  name: "Go",
  example: "go",
  program: "branch1.go",
  install: async ({ folder }) => {
    await generateSdk("go", sdkIn(folder, "go"));
  },
  driver: ({ folder }) =>
    Promise.resolve({
      prepare: async (project) => {
        await cp(join(__dirname, "go"), project, { recursive: true });
        await linkGoSdk(sdkIn(folder, "go"), project);
        await buildGo(project, "driver");
        return [join(project, "driver")];
      },
    }),
};

/** What the same life of a key is told in. */
export const LANGUAGES = { YAML, NODE, PYTHON, GO } as const;

/** Installs a generated SDK for Python into a folder. What it needs is in the environment of `ensurePython`. */
export async function installPythonSdk(sdk: string, folder: string): Promise<void> {
  const flags = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"];
  await run(await ensurePython(), ["-m", "pip", "install", ...flags, "--target", folder, sdk]);
}

/** Puts a generated SDK for Go where the go.mod of a project has it. */
export async function linkGoSdk(sdk: string, project: string): Promise<void> {
  await mkdir(join(project, "sdks"), { recursive: true });
  await symlink(sdk, join(project, "sdks/cloudflare-ipsec-psk")).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  });
}

/** Compiles a Go program with the flags by which `tools/pulumi-cli` builds, so that Go's cache has most of it. */
export async function buildGo(project: string, output: string): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" };
  await run("go", ["build", "-trimpath", "-o", output, "."], { cwd: project, env });
}

function sdkIn(folder: string, language: string): string {
  return join(folder, "sdks", language);
}
