import { readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type Simulator, startSimulator } from "../../src/simulator";
import { cliRootOf } from "../pulumi-cli";
import type { Cell } from "./cells";
import { type EngineCell, folderOfEngine, type ProviderKind } from "./engines";
import type { EngineVersions, Versions } from "./results";
import { run } from "./run";
import type { Sandbox } from "./sandbox";

const PROGRAMS: Readonly<Record<ProviderKind, string>> = {
  dynamic: join(__dirname, "program.mjs"),
  native: join(__dirname, "native-program.mjs"),
};
const TOOLS: Partial<Record<Cell["program"], string>> = {
  tsx: "tsx",
  esbuild: "esbuild",
  "esbuild --minify": "esbuild",
};

/**
 * Tests one empty project: installs and compiles with its tools, then previews, creates, rotates, refreshes and destroys a key on
 * the real engine.
 *
 * @param pulumi - Version of `@pulumi/pulumi`.
 * @returns The versions that the project really had.
 * @throws {Error} if a step fails.
 */
export async function tryCell(cell: Cell, pulumi: string, sandbox: Sandbox): Promise<Versions> {
  const folder = await sandbox.createFolder();
  const env = sandbox.environmentOf(cell);
  const inProject: RunInProject = (command, ...args) => run(command, args, { cwd: folder, env });

  await installPackages(cell, pulumi, sandbox, folder);
  const command = await build(cell, await writeProgram(cell, folder), folder, inProject);
  const simulator = await startSimulator();
  try {
    await runProgram(command, sandbox.cli, simulator, { cwd: folder, env });
  } finally {
    await simulator.close();
  }
  return versionsOf(cell, folder, inProject);
}

/**
 * Tests one project on one engine, with a program that needs no compiler.
 *
 * @param pulumi - Version of `@pulumi/pulumi`.
 * @throws {Error} if a step fails.
 */
export async function tryEngine(
  { engine, kind, node }: EngineCell,
  pulumi: string,
  sandbox: Sandbox,
): Promise<EngineVersions> {
  const cell: Cell = { node, pulumi: "developed", typescript: "none", manager: "npm", program: "ES module" };
  const folder = await sandbox.createFolder();
  await installPackages(cell, pulumi, sandbox, folder);
  await writeFile(join(folder, "program.mjs"), await readFile(PROGRAMS[kind], "utf8"));
  const cli = await folderOfEngine(engine);
  const { PATH, ...rest } = sandbox.environmentOf(cell);
  // The launcher of dynamic providers is next to the CLI only in Pulumi's own download, and is in the SDK, too.
  const env = { ...rest, PATH: [PATH, cli, join(folder, "node_modules/@pulumi/pulumi")].join(delimiter) };
  const simulator = await startSimulator();
  try {
    await runProgram(["node", "program.mjs"], undefined, simulator, { cwd: folder, env });
  } finally {
    await simulator.close();
  }
  const version = async (command: string, argument: string) => {
    return (await run(command, [argument], { cwd: folder, env })).trim().replace(/^v/, "");
  };
  return { engine: await version(join(cli, "pulumi"), "version"), kind, node: await version("node", "--version") };
}

type RunInProject = (command: string, ...args: string[]) => Promise<string>;

/** Installs into an empty folder. Fails if npm or pnpm refuses, or if a package requires another Node.js. */
export async function installPackages(cell: Cell, pulumi: string, sandbox: Sandbox, folder: string): Promise<void> {
  const { manager, typescript, program } = cell;
  const type = program === "ES module" ? "module" : "commonjs";
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "user", private: true, type }));
  const tool = TOOLS[program];
  const packages = [
    sandbox.tarball,
    `@pulumi/pulumi@${pulumi}`,
    ...(typescript === "none" ? [] : [`typescript@~${typescript}`, "@types/node@20"]),
    ...(tool === undefined ? [] : [tool]),
  ];
  const add = manager === "npm" ? ["install", "--no-audit", "--no-fund"] : ["add"];
  // Explicit, because `npm run --silent` also silences its child processes.
  await run(manager, [...add, "--engine-strict", "--loglevel=error", ...packages], {
    cwd: folder,
    env: sandbox.environmentOf(cell),
  });
}

/** Writes the program in a form that the project's tools accept. Returns its file name. */
async function writeProgram({ typescript, program }: Cell, folder: string): Promise<string> {
  const source = await readFile(PROGRAMS.dynamic, "utf8");
  const isPlain = typescript === "none" && program === "CommonJS";
  const file = isPlain ? "program.cjs" : typescript === "none" ? "program.mjs" : "program.ts";
  await writeFile(join(folder, file), isPlain ? asCommonJs(source) : source);
  return file;
}

function asCommonJs(source: string): string {
  return source.replace(/^import (\{.*\}) from (".*");$/gm, "const $1 = require($2);");
}

/** Compiles the program, and checks its types if the project has TypeScript. Returns the command that runs it. */
async function build(
  { typescript, program }: Cell,
  file: string,
  folder: string,
  inProject: RunInProject,
): Promise<[command: string, ...args: string[]]> {
  const bin = (name: string) => join(folder, "node_modules", ".bin", name);
  if (typescript !== "none") {
    const compilerOptions = { module: "nodenext", target: "es2022", strict: true, types: ["node"] };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [file] }));
    await inProject(bin("tsc"));
  }
  switch (program) {
    case "CommonJS":
    case "ES module":
      return ["node", file.replace(".ts", ".js")];
    case "tsx":
      return [bin("tsx"), file];
    case "esbuild":
    case "esbuild --minify": {
      const minify = program === "esbuild" ? [] : ["--minify"];
      const flags = ["--bundle", "--platform=node", "--external:@pulumi/pulumi", "--outfile=bundle.cjs", ...minify];
      await inProject(bin("esbuild"), file, ...flags);
      return ["node", "bundle.cjs"];
    }
  }
}

interface Report {
  readonly preview: string;
  readonly created: Outputs;
  readonly rotated: Outputs;
  /** Number of resources by what the refresh found. */
  readonly refreshed: Readonly<Record<string, number>>;
  /** Number of resources in the state after the destroy. */
  readonly remaining: number;
}

type Outputs = Readonly<
  Record<"psk" | "status" | "problems" | "file", { readonly value: string; readonly secret: boolean }>
>;

async function runProgram(
  [command, ...args]: readonly [command: string, ...args: string[]],
  cli: string | undefined,
  simulator: Simulator,
  where: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<void> {
  const tunnelId = simulator.addTunnel();
  const env = {
    ...where.env,
    ACCOUNT_ID: simulator.accountId,
    TUNNEL_ID: tunnelId,
    CLI_ROOT: cli === undefined ? undefined : cliRootOf(cli).root,
    CLOUDFLARE_API_TOKEN: simulator.apiToken,
    CLOUDFLARE_BASE_URL: simulator.url,
    PULUMI_BACKEND_URL: `file://${where.cwd}`,
    PULUMI_HOME: join(where.cwd, "pulumi-home"),
    PULUMI_CONFIG_PASSPHRASE: "only-for-this-project",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const printed = await run(command, args, { ...where, env });
  const { preview, created, rotated, refreshed, remaining } = JSON.parse(printed) as Report;
  const key = simulator.keyAtEdge(tunnelId) ?? "";
  const problems = Object.entries({
    "the preview is validated by Cloudflare": preview.includes("Cloudflare would accept this"),
    "up generates a key": simulator.issuedKeys().includes(created.psk.value),
    "the rotated key is active at the edge": key !== "" && rotated.psk.value === key && created.psk.value !== key,
    "its status is active": rotated.status.value === "active",
    "the router accepts the key": rotated.problems.value === "none",
    "the router's file contains it": rotated.file.value.includes(key),
    "key and file are secret": rotated.psk.secret && rotated.file.secret,
    "the refresh reads the tunnel and finds no change":
      simulator.requests().at(-1)?.operation === "list" && Object.keys(refreshed).join() === "same",
    "the state is empty after the destroy": remaining === 0,
  }).filter(([, holds]) => !holds);
  if (problems.length > 0) throw new Error(`These checks failed: ${problems.map(([check]) => check).join("; ")}`);
}

async function versionsOf({ manager, program }: Cell, folder: string, inProject: RunInProject): Promise<Versions> {
  const printed = async (command: string) => (await inProject(command, "--version")).trim().replace(/^v/, "");
  const installed = async (name: string) => {
    const text = await readFile(join(folder, "node_modules", name, "package.json"), "utf8").catch(() => "{}");
    return (JSON.parse(text) as { version?: string }).version ?? "none";
  };
  const tool = TOOLS[program];
  return {
    node: await printed("node"),
    pulumi: await installed("@pulumi/pulumi"),
    typescript: await installed("typescript"),
    manager: `${manager} ${await printed(manager)}`,
    program: tool === undefined ? program : program.replace(tool, `${tool} ${await installed(tool)}`),
  };
}
