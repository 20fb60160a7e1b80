import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { bundlePlugin } from "../../../tools/plugin/bundle";
import { bundledPackages, licensesText } from "../../../tools/plugin/licenses";
import { MAX_PLUGIN_BYTES } from "../../../tools/plugin/check-archive";
import { requireBuild, ROOT } from "../../support/build";

const NAME = "pulumi-resource-cloudflare-ipsec-psk";
const PLUGIN = join(ROOT, "plugin", NAME);

let folder: string;

beforeAll(requireBuild);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ipsec-psk-plugin-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the built plugin", () => {
  it("has at most 2.5 MB", () => {
    expect(statSync(PLUGIN).size).toBeLessThanOrEqual(MAX_PLUGIN_BYTES);
  });

  it.each(["commonjs", "module", undefined])(
    "starts in a folder without node_modules, where the nearest package.json has the type %s",
    async (type) => {
      copyFileSync(PLUGIN, join(folder, NAME));
      writeFileSync(join(folder, "package.json"), JSON.stringify({ type }));
      const child = spawn(join(folder, NAME), { stdio: ["pipe", "pipe", "inherit"], env: { PATH: process.env.PATH } });
      const [port] = (await once(child.stdout, "data")) as [Buffer];
      child.kill();

      expect(port.toString()).toMatch(/^\d+\n$/);
    },
  );

  it("loads nothing but what Node.js has", async () => {
    const { metafile } = await bundlePlugin();
    const external = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    const isBuiltin = (path: string) => path.startsWith("node:") || process.getBuiltinModule(path) !== undefined;

    expect(external.filter((path) => !isBuiltin(path))).toEqual([]);
    expect(Object.keys(metafile.inputs).filter((file) => /@pulumi\/pulumi\/(?!proto\/)/.test(file))).toEqual([]);
  });

  it("refuses an older Node.js in one line", async () => {
    const older = join(folder, "older.cjs");
    writeFileSync(older, 'Object.defineProperty(process.versions, "node", { value: "18.20.0" });');
    chmodSync(older, 0o644);

    const failed = promisify(execFile)(process.execPath, ["--require", older, PLUGIN]);

    await expect(failed).rejects.toMatchObject({
      stderr: expect.stringMatching(/^Cannot start the plugin: .*requires Node\.js 20\.18\.1 or later.*\n$/) as string,
    });
  });

  it("comes with the license of everything in it", async () => {
    const packages = bundledPackages((await bundlePlugin()).metafile, ROOT);

    expect(packages.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["@grpc/grpc-js", "@pulumi/pulumi", "google-protobuf", "undici", "zod"]),
    );
    expect(readFileSync(join(ROOT, "plugin/THIRD-PARTY-LICENSES.txt"), "utf8")).toBe(licensesText(packages));
  });

  it("leaves no unbundled copy in dist/", () => {
    expect(() => statSync(join(ROOT, "dist/native"))).toThrow("ENOENT");
  });
});
