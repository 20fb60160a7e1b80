import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { codeIn, readPage, tableBelow, textOf } from "../../docs/markdown";
import { type Outcome, type ProjectOptions, startProject } from "../../support/engine";
import { type Language, LANGUAGES } from "../../support/languages";

const PATH_TO_PLUGIN = "node_modules/pulumi-cloudflare-ipsec-psk/plugin";
const ACCOUNT = "0123456789abcdef0123456789abcdef";
const TUNNEL = "89abcdef0123456789abcdef01234567";

let folder: string;
let close = () => Promise.resolve();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ipsec-psk-mistakes-"));
  for (const language of [LANGUAGES.YAML, LANGUAGES.PYTHON]) await language.install({ folder });
}, 20 * 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  await close();
  close = () => Promise.resolve();
});

type Change = (text: string) => string;

/** Previews an example with one mistake in its Pulumi.yaml, or around it. */
async function preview(language: Language, change?: Change, options: ProjectOptions = {}): Promise<Outcome> {
  const config = { accountId: ACCOUNT, ipsecTunnelId: TUNNEL, cloudflareEndpoint: "203.0.113.10", ...options.config };
  const driver = await language.driver?.({ folder });
  const sources = { "": `examples/${language.example}` };
  const stack = await startProject(sources, { ...options, config, ...(driver && { driver }) });
  close = () => stack.close();
  if (change !== undefined) await stack.edit("Pulumi.yaml", change);
  return stack.preview();
}

const previewYaml = (change?: Change, options?: ProjectOptions) => preview(LANGUAGES.YAML, change, options);
const withPath = (path: string) => (text: string) => text.replace(PATH_TO_PLUGIN, path);
const withoutPlugins = (text: string) => text.replace(/^plugins:\n(?:[ ].*\n)+/m, "");

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
  // An SDK asks for the version that it was generated for.
  "No plugin, in another language": () => preview(LANGUAGES.PYTHON, withoutPlugins),
  "Another name in plugins:": () => previewYaml((text) => text.replace("- name: cloud", "- name: pulumi-cloud")),
  "path leads nowhere": () => previewYaml(withPath("node_modules/nowhere")),
  "path is the file": () => previewYaml(withPath(`${PATH_TO_PLUGIN}/pulumi-resource-cloudflare-ipsec-psk`)),
  "path is the package": () => previewYaml(withPath("node_modules/pulumi-cloudflare-ipsec-psk")),
  "No Node.js on PATH": () => previewYaml(undefined, { env: { PATH: "/nowhere" } }),
  "An older Node.js": async () => previewYaml(undefined, { env: { PATH: await oldNode() } }),
  "NODE_OPTIONS prints": async () => {
    const preload = join(folder, "print.cjs");
    await writeFile(preload, 'console.log("hello");');
    return previewYaml(undefined, { env: { NODE_OPTIONS: `--require ${preload}` } });
  },
  "The token is under cloudflare:": () =>
    previewYaml(undefined, { config: { "cloudflare:apiToken": { value: "a-fake-token-for-tests", secret: true } } }),
};

const rows = tableBelow(readPage("docs/languages.md"), "If it does not start").map(([mistake, symptom]) => ({
  mistake: mistake === undefined ? "" : textOf(mistake),
  says: codeIn(symptom),
}));

describe("a mistake of the table in docs/languages.md", () => {
  it.each(rows)("shows what the table quotes: $mistake", async ({ mistake, says }) => {
    const outcome = await MISTAKES[mistake]?.();

    expect(says).not.toEqual([]);
    for (const text of says) expect(outcome?.text).toContain(text);
  });

  it("is in the table, if it is tried here", () => {
    expect(rows.map(({ mistake }) => mistake)).toEqual(Object.keys(MISTAKES));
  });
});

describe("the plugin", () => {
  it("says where it reads a token, if that is where it does not look", async () => {
    const { text } = await previewYaml();

    expect(text).toContain("Run `pulumi config set --secret cloudflare-ipsec-psk:apiToken`");
    expect(text).toContain("Pulumi does not pass `cloudflare:apiToken` to this provider.");
  });
});
