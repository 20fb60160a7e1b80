import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { schema } from "../../../src/native/schema";
import { checkSchema, compileNodeSdk, ensurePython, generateSdk, SDK_LANGUAGES } from "../../../tools/sdk";
import { ROOT } from "../../support/build";
import { buildGo, installPythonSdk, linkGoSdk } from "../../support/languages";

const run = promisify(execFile);
const RESOURCES = ["IpsecTunnelPsk", "GatewayConfig"] as const;

/** What an SDK has of a resource, by the names of its language, in any order. */
interface Shape {
  readonly inputs: readonly string[];
  readonly required: readonly string[];
  readonly outputs: readonly string[];
}

let folder: string;
const sdkIn = (language: string) => join(folder, language);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ipsec-psk-sdks-"));
  for (const language of SDK_LANGUAGES) await generateSdk(language, sdkIn(language));
}, 20 * 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("src/native/schema.json", () => {
  it("binds without diagnostics by Pulumi's own code", async () => {
    await expect(checkSchema()).resolves.toBeUndefined();
  });
});

describe("the SDK that is generated for Python", () => {
  it("is installed and imported, with the names and required inputs of the schema", async () => {
    const env = { ...process.env, PYTHONPATH: join(folder, "site-packages") };
    await installPythonSdk(sdkIn("python"), env.PYTHONPATH);
    const script = join(ROOT, "test/support/languages/python/shape.py");

    const { stdout } = await run(await ensurePython(), ["-B", script], { env });

    const shapes = JSON.parse(stdout) as Readonly<Record<string, Shape>>;
    for (const name of RESOURCES) expect(sorted(shapes[name])).toEqual(sorted(expectedShape(name, snakeCase)));
  }, 300_000);

  it("carries the alias of the dynamic resource", async () => {
    const source = await readFile(join(sdkIn("python"), "pulumi_cloudflare_ipsec_psk/ipsec_tunnel_psk.py"), "utf8");

    expect(source).toContain('pulumi.Alias(type_="pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk")');
  });
});

describe("the SDK that is generated for Go", () => {
  it("compiles with examples/go, as a module of its own", async () => {
    const project = join(folder, "go-program");
    await cp(join(ROOT, "examples/go"), project, { recursive: true });
    const own = await readGoMod(project);
    // The versions of modules with which the CLI is built, so that Go has compiled them.
    for (const file of ["go.mod", "go.sum"]) {
      await cp(join(ROOT, "test/support/languages/go", file), join(project, file));
    }
    await linkGoSdk(sdkIn("go"), project);

    await buildGo(project, "program");

    expect(await readGoMod(project)).toEqual(own);
  }, 600_000);

  it.each(RESOURCES)("has the names and required inputs of the schema: %s", async (name) => {
    const source = await readFile(join(sdkIn("go"), "cloudflareipsecpsk", `${lowerFirst(name)}.go`), "utf8");
    const fieldsOf = (type: string, pattern: RegExp) =>
      matches(blockAfter(source, `type ${type} struct {`), pattern).map(lowerFirst);

    const shape = {
      inputs: fieldsOf(`${name}Args`, /^\t(\w+) /gm),
      required: matches(source, /required argument '(\w+)'/g).map(lowerFirst),
      outputs: fieldsOf(name, /`pulumi:"(\w+)"`/g),
    };

    expect(sorted(shape)).toEqual(sorted(expectedShape(name)));
  });

  it("carries the alias of the dynamic resource", async () => {
    const source = await readFile(join(sdkIn("go"), "cloudflareipsecpsk/ipsecTunnelPsk.go"), "utf8");

    expect(source).toContain('Type: pulumi.String("pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk")');
  });
});

describe("the SDK that is generated for Node.js", () => {
  it("compiles, and so does examples/node-native, but not without a required input", async () => {
    const project = join(folder, "node-program");
    const installed = join(project, "node_modules");
    await cp(join(ROOT, "examples/node-native"), project, { recursive: true });
    await mkdir(join(installed, "@pulumi"), { recursive: true });
    await symlink(join(ROOT, "node_modules/@pulumi/pulumi"), join(installed, "@pulumi/pulumi"));
    await cp(sdkIn("nodejs"), join(installed, "cloudflare-ipsec-psk"), { recursive: true });
    await compileNodeSdk(join(installed, "cloudflare-ipsec-psk"));
    const program = await readFile(join(project, "index.ts"), "utf8");
    await writeFile(join(project, "without.ts"), program.replace(/ {2}accountId: .+\n/, ""));

    await expect(compile(project, "index.ts")).resolves.toBe("");
    await expect(compile(project, "without.ts")).resolves.toContain("Property 'accountId' is missing");
  }, 300_000);

  it.each(RESOURCES)("has the names and required inputs of the schema: %s", async (name) => {
    const source = await readFile(join(sdkIn("nodejs"), `${lowerFirst(name)}.ts`), "utf8");
    const args = blockAfter(source, `export interface ${name}Args {`);

    const shape = {
      inputs: matches(args, /^ {4}(\w+)\??: /gm),
      required: matches(args, /^ {4}(\w+): /gm),
      outputs: matches(source, /declare public (?:\/\*out\*\/ )?readonly (\w+): /g),
    };

    expect(sorted(shape)).toEqual(sorted(expectedShape(name)));
  });

  it("carries the alias of the dynamic resource", async () => {
    const source = await readFile(join(sdkIn("nodejs"), "ipsecTunnelPsk.ts"), "utf8");

    expect(source).toContain('aliases: [{ type: "pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk" }]');
  });
});

function expectedShape(name: (typeof RESOURCES)[number], spell = (property: string) => property): Shape {
  const { inputProperties, requiredInputs, properties } = schema.resources[`cloudflare-ipsec-psk:index:${name}`];
  return {
    inputs: Object.keys(inputProperties).map(spell),
    required: requiredInputs.map(spell),
    outputs: Object.keys(properties).map(spell),
  };
}

function sorted(shape: Shape | undefined): unknown {
  return Object.fromEntries(Object.entries(shape ?? {}).map(([key, names]) => [key, [...(names as string[])].sort()]));
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => name);
}

/** The lines from one to the brace that closes what it opens. */
function blockAfter(source: string, line: string): string {
  return source.slice(source.indexOf(line)).split("\n}")[0] ?? "";
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What a program must have of its go.mod, whatever else it needs. */
async function readGoMod(project: string): Promise<Record<"go" | "require" | "replace", string>> {
  const text = await readFile(join(project, "go.mod"), "utf8");
  const find = (pattern: RegExp) => pattern.exec(text)?.[0] ?? "";
  return {
    go: find(/^go \d+\.\d+/m),
    require: find(/github\.com\/pulumi\/pulumi\/sdk\/v3 v\S+/),
    replace: find(/^replace .+/m),
  };
}

/** Returns what the compiler has to say. */
async function compile(project: string, file: string): Promise<string> {
  const flags = ["--noEmit", "--strict", "--skipLibCheck", "--module", "node16", "--target", "es2022"];
  const types = ["--typeRoots", join(ROOT, "node_modules/@types"), "--types", "node"];
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  return run(process.execPath, [tsc, ...flags, ...types, file], { cwd: project }).then(
    ({ stdout }) => stdout,
    (error: unknown) => (error as { readonly stdout: string }).stdout,
  );
}
