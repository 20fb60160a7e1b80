import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ensureYamlLanguageHost } from "../../../tools/pulumi-cli";
import { VERSION } from "../../../src/version";
import { codeIn, readPage, tableBelow, textOf } from "../../docs/markdown";
import { NATIVE, openBackend, type Outcome, type ProjectOptions, startProject } from "../../support/engine";

const PATH_TO_PLUGIN = "node_modules/pulumi-cloudflare-ipsec-psk/plugin";
const ID = "0123456789abcdef0123456789abcdef";

let folder: string;
let close = () => Promise.resolve();

beforeAll(async () => {
  await ensureYamlLanguageHost();
  folder = await mkdtemp(join(tmpdir(), "ipsec-psk-mistakes-"));
}, 20 * 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  await close();
  close = () => Promise.resolve();
});

/** Previews examples/yaml with one mistake in it, or around it. */
async function previewYaml(change?: (text: string) => string, options: ProjectOptions = {}): Promise<Outcome> {
  const config = { accountId: ID, ipsecTunnelId: ID, cloudflareEndpoint: "203.0.113.10", ...options.config };
  const stack = await startProject({ "": "examples/yaml" }, { ...options, config });
  close = () => stack.close();
  if (change !== undefined) await stack.edit("Pulumi.yaml", change);
  return stack.preview();
}

const withPath = (path: string) => (text: string) => text.replace(PATH_TO_PLUGIN, path);
const withoutPlugins = (text: string) => text.replace(/^plugins:\n(?:[ ].*\n)+/m, "");

/** Another language's SDK asks for the version that it was generated for. */
async function previewWithoutPlugin(): Promise<Outcome> {
  const backend = await openBackend();
  close = () => backend.remove();
  const stack = await backend.createStack("dev");
  return stack.preview(() => {
    new NATIVE.Key("branch-1", { accountId: ID, ipsecTunnelId: ID }, { version: VERSION });
    return Promise.resolve();
  });
}

/** A `node` that says it is another version. */
async function oldNode(): Promise<string> {
  const preload = join(folder, "old.cjs");
  await writeFile(preload, 'Object.defineProperty(process.versions, "node", { value: "18.20.8" });');
  await writeFile(join(folder, "node"), `#!/bin/sh\nexec "${process.execPath}" --require "${preload}" "$@"\n`);
  await chmod(join(folder, "node"), 0o755);
  return [folder, process.env.PATH].join(delimiter);
}

/** What makes each mistake of the table, by its first cell. */
const MISTAKES: Readonly<Record<string, () => Promise<Outcome>>> = {
  "No plugin, in YAML": () => previewYaml(withoutPlugins),
  "No plugin, in another language": previewWithoutPlugin,
  "Another name in plugins:": () => previewYaml((text) => text.replace("- name: cloud", "- name: pulumi-cloud")),
  "path leads nowhere": () => previewYaml(withPath("node_modules/nowhere")),
  "path is the file": () => previewYaml(withPath(`${PATH_TO_PLUGIN}/pulumi-resource-cloudflare-ipsec-psk`)),
  "path is the package": () => previewYaml(withPath("node_modules/pulumi-cloudflare-ipsec-psk")),
  "No Node.js on PATH": () => previewYaml(undefined, { env: { PATH: "/nowhere" } }),
  "An older Node.js": async () => previewYaml(undefined, { env: { PATH: await oldNode() } }),
  "The token is under cloudflare:": () =>
    previewYaml(undefined, { config: { "cloudflare:apiToken": { value: "a-fake-token-for-tests", secret: true } } }),
};

const rows = tableBelow(readPage("docs/languages.md"), "If it does not start").map(([mistake, symptom]) => ({
  mistake: mistake === undefined ? "" : textOf(mistake),
  says: codeIn(symptom),
}));

describe("a mistake of the table in docs/languages.md", () => {
  it.each(rows)("shows what the table quotes: $mistake", async ({ mistake, says }) => {
    const preview = await MISTAKES[mistake]?.();

    expect(says).not.toEqual([]);
    for (const text of says) expect(preview?.text).toContain(text);
  });

  it("is in the table, if it is tried here", () => {
    expect(rows.map(({ mistake }) => mistake)).toEqual(Object.keys(MISTAKES));
  });
});

describe("the plugin", () => {
  it("says where it reads a token, if that is where it does not look", async () => {
    const preview = await previewYaml();

    expect(preview.text).toContain("Run `pulumi config set --secret cloudflare-ipsec-psk:apiToken`");
    expect(preview.text).toContain("Pulumi does not pass `cloudflare:apiToken` to this provider.");
  });
});
