import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

/** One import. `from` and `to` are files below src/, or `to` is a package or a builtin of Node ("node:zlib"). */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

// The first row that fits a file holds for it. "folder/" stands for all of its files, "type x" for the types of x alone.
const MAY_IMPORT: readonly (readonly [string, readonly string[]])[] = [
  ["errors.ts", []],
  ["version.ts", []],

  ["psk/", ["psk/", "errors.ts", "zod"]],

  ["cloudflare/transport.ts", ["undici"]],
  ["cloudflare/dispatcher.ts", ["cloudflare/", "undici"]],
  ["cloudflare/client.ts", ["cloudflare/", "errors.ts", "zod", "type undici"]],
  ["cloudflare/", ["cloudflare/", "errors.ts", "zod", "node:"]],

  ["gateways/check-psk.ts", ["gateways/", "psk/cloud-vpns.ts", "errors.ts"]],
  ["gateways/", ["gateways/", "errors.ts", "node:"]],

  ["simulator/", ["simulator/", "zod", "node:"]],

  // Of both: what the provider's process loads, it loads with every preview and every up, so without Pulumi.
  ["pulumi/provider-text.ts", []],
  ["pulumi/sleep.ts", ["node:timers/promises"]],
  ["pulumi/no-credentials.ts", ["errors.ts"]],
  ["pulumi/settings.ts", ["psk/limits.ts", "errors.ts"]],
  ["pulumi/config-keys.ts", ["type cloudflare/credentials.ts"]],
  [
    "pulumi/connection.ts",
    ["pulumi/config-keys.ts", "pulumi/sleep.ts", "type pulumi/settings.ts", "cloudflare/", "version.ts"],
  ],

  // What runs in the provider's process alone.
  ["pulumi/provider/engine-alive.ts", ["errors.ts", "node:net"]],
  ["pulumi/provider/host-error.ts", ["type psk/partial-failure.ts"]],
  [
    "pulumi/provider/edge.ts",
    [
      "pulumi/connection.ts",
      "pulumi/no-credentials.ts",
      "pulumi/sleep.ts",
      "type pulumi/settings.ts",
      "cloudflare/",
      "type psk/deadline.ts",
      "type psk/edge.ts",
      "node:os",
    ],
  ],
  ["pulumi/provider/configured-edge.ts", ["pulumi/provider/edge.ts", "pulumi/settings.ts", "type psk/edge.ts"]],
  [
    "pulumi/provider/provider.ts",
    [
      "pulumi/provider/configured-edge.ts",
      "pulumi/provider/engine-alive.ts",
      "pulumi/provider/host-error.ts",
      "pulumi/sleep.ts",
      "psk/",
      "node:util",
      "type @pulumi/pulumi",
    ],
  ],

  // What runs in the program. Only the provider text names provider.ts.
  ["pulumi/claims.ts", ["@pulumi/pulumi"]],
  ["pulumi/tunnel-psk.ts", ["@pulumi/pulumi"]],
  ["pulumi/account-provider.ts", ["pulumi/config-keys.ts", "pulumi/settings.ts", "errors.ts", "@pulumi/pulumi"]],
  ["pulumi/preview/hook-values.ts", ["psk/state.ts", "psk/unknown.ts", "type psk/", "@pulumi/pulumi"]],
  ["pulumi/preview/inconclusive.ts", ["errors.ts"]],
  ["pulumi/preview/not-installed.ts", ["node:module", "node:path"]],
  [
    "pulumi/preview/preview-text.ts",
    ["psk/reason-text.ts", "psk/unknown.ts", "type psk/", "type pulumi/preview/validation.ts"],
  ],
  [
    "pulumi/preview/harmless.ts",
    ["psk/timestamp.ts", "cloudflare/ipsec-tunnels.ts", "type cloudflare/client.ts", "errors.ts"],
  ],
  [
    "pulumi/preview/validation.ts",
    [
      "pulumi/preview/harmless.ts",
      "pulumi/preview/inconclusive.ts",
      "type pulumi/connection.ts",
      "cloudflare/ipsec-tunnels.ts",
      "type cloudflare/client.ts",
      "errors.ts",
    ],
  ],
  [
    "pulumi/preview/preflight.ts",
    [
      "pulumi/no-credentials.ts",
      "pulumi/preview/inconclusive.ts",
      "pulumi/preview/preview-text.ts",
      "pulumi/preview/validation.ts",
      "type pulumi/connection.ts",
      "type pulumi/settings.ts",
      "psk/",
      "cloudflare/ipsec-tunnels.ts",
      "type cloudflare/client.ts",
      "errors.ts",
    ],
  ],
  [
    "pulumi/preview/preview-check.ts",
    [
      "pulumi/account-provider.ts",
      "pulumi/connection.ts",
      "pulumi/preview/hook-values.ts",
      "pulumi/preview/not-installed.ts",
      "pulumi/preview/preflight.ts",
      "pulumi/settings.ts",
      "pulumi/sleep.ts",
      "cloudflare/rate-limiter.ts",
      "psk/unknown.ts",
      "@pulumi/pulumi",
    ],
  ],
  [
    "pulumi/preview/preview-hook.ts",
    [
      "pulumi/config-keys.ts",
      "pulumi/preview/preview-check.ts",
      "pulumi/settings.ts",
      "node:async_hooks",
      "node:crypto",
      "@pulumi/pulumi",
    ],
  ],
  ["pulumi/gateway-config.ts", ["gateways/render-gateway.ts", "type gateways/index.ts", "@pulumi/pulumi"]],
  [
    "pulumi/ipsec-tunnel-psk.ts",
    [
      "pulumi/account-provider.ts",
      "pulumi/claims.ts",
      "pulumi/preview/preview-hook.ts",
      "pulumi/provider-text.ts",
      "pulumi/tunnel-psk.ts",
      "psk/age.ts",
      "psk/identities.ts",
      "psk/unknown.ts",
      "type psk/state.ts",
      "errors.ts",
      "@pulumi/pulumi",
    ],
  ],

  [
    "index.ts",
    [
      "pulumi/account-provider.ts",
      "pulumi/gateway-config.ts",
      "pulumi/ipsec-tunnel-psk.ts",
      "type pulumi/settings.ts",
      "errors.ts",
      "gateways/index.ts",
      "type psk/state.ts",
    ],
  ],
];

const RUN_TIME_PACKAGES = ["@pulumi/pulumi", "undici", "zod"];

/** Every import that no row allows, as text. */
function forbiddenIn(edges: readonly Edge[]): string[] {
  return edges.filter((edge) => !isAllowed(edge)).map(({ from, to }) => `${from} -> ${to}`);
}

function isAllowed({ from, to, typeOnly }: Edge): boolean {
  const [, allowed = []] = MAY_IMPORT.find(([row]) => fits(from, row)) ?? [];
  return allowed.some((entry) => fits(to, entry) || (typeOnly && fits(to, entry.replace(/^type /, ""))));
}

function fits(path: string, entry: string): boolean {
  return /[/:]$/.test(entry) ? path.startsWith(entry) : path === entry;
}

/** The files from which a way leads back to themselves. */
function onCircles(edges: readonly Edge[]): string[] {
  const files = [...new Set(edges.map(({ from }) => from))];
  return files.filter((file) => reachableFrom(file, edges).has(file));
}

function reachableFrom(start: string, edges: readonly Edge[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const { from, to } of edges) {
      if (from !== file || reached.has(to)) continue;
      reached.add(to);
      open.push(to);
    }
  }
  return reached;
}

const SRC = join(__dirname, "../src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts"))
  .sort();
const parsed = files.map((file) => {
  const text = readFileSync(join(SRC, file), "utf8");
  return { file, text, source: ts.createSourceFile(file, text, ts.ScriptTarget.ES2022) };
});
const edges = parsed.flatMap(({ file, source }) => edgesOf(file, source));
const runTime = edges.filter(({ typeOnly }) => !typeOnly);

type Import = ts.ImportDeclaration | ts.ExportDeclaration;

function importsOf(source: ts.SourceFile): { readonly statement: Import; readonly specifier: string }[] {
  return source.statements
    .filter((statement) => ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))
    .flatMap((statement) => {
      const { moduleSpecifier } = statement;
      return moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier)
        ? [{ statement, specifier: moduleSpecifier.text }]
        : [];
    });
}

/** What a file loads later, by `import("…")`. */
function loadedBy(node: ts.Node): string[] {
  const [argument] = ts.isCallExpression(node) ? node.arguments : [];
  const isImport = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const own = isImport && argument !== undefined && ts.isStringLiteral(argument) ? [argument.text] : [];
  const below: string[] = [];
  ts.forEachChild(node, (child) => void below.push(...loadedBy(child)));
  return [...own, ...below];
}

function edgesOf(file: string, source: ts.SourceFile): Edge[] {
  const edge = (specifier: string, typeOnly: boolean): Edge => ({
    from: file,
    to: specifier.startsWith(".") ? fileOf(file, specifier) : packageOf(specifier),
    typeOnly,
  });
  return [
    ...importsOf(source).map(({ statement, specifier }) => edge(specifier, isTypeOnly(statement))),
    ...loadedBy(source).map((specifier) => edge(specifier, false)),
  ];
}

function fileOf(from: string, specifier: string): string {
  const path = relative(SRC, join(SRC, from, "..", specifier))
    .replaceAll("\\", "/")
    .replace(/\.js$/, "");
  return files.includes(`${path}.ts`) ? `${path}.ts` : `${path}/index.ts`;
}

function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function isTypeOnly(statement: Import): boolean {
  if (ts.isExportDeclaration(statement)) {
    const { isTypeOnly: whole, exportClause } = statement;
    return whole || (exportClause !== undefined && ts.isNamedExports(exportClause) && allTypes(exportClause.elements));
  }
  const clause = statement.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = clause;
  return (
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    allTypes(namedBindings.elements)
  );
}

function allTypes(elements: readonly { readonly isTypeOnly: boolean }[]): boolean {
  return elements.length > 0 && elements.every(({ isTypeOnly }) => isTypeOnly);
}

describe("the imports of src/", () => {
  it("are those that the table allows", () => {
    expect(forbiddenIn(edges)).toEqual([]);
  });

  it("have a row in the table for every file", () => {
    expect(files.filter((file) => !MAY_IMPORT.some(([row]) => fits(file, row)))).toEqual([]);
  });

  it("use all that the table allows", () => {
    const unused = MAY_IMPORT.flatMap(([row, allowed]) => {
      const own = edges.filter(({ from }) => MAY_IMPORT.find(([other]) => fits(from, other))?.[0] === row);
      const isUsed = (entry: string) =>
        own.some(({ to, typeOnly }) => fits(to, entry) || (typeOnly && fits(to, entry.replace(/^type /, ""))));
      return allowed.filter((entry) => !isUsed(entry)).map((entry) => `${row} -> ${entry}`);
    });

    expect(unused).toEqual([]);
  });

  it("make no circle", () => {
    expect(onCircles(edges)).toEqual([]);
  });

  it("stand where this test sees them", () => {
    const hidden = parsed.filter(({ text, source }) => {
      const all = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
      const seen = [...importsOf(source).map(({ specifier }) => specifier), ...loadedBy(source)];
      return all.sort().join() !== seen.sort().join();
    });

    expect(hidden.map(({ file }) => file)).toEqual([]);
  });

  it("take three packages at run time, and no more", () => {
    const packages = runTime.map(({ to }) => to).filter((to) => !files.includes(to) && !to.startsWith("node:"));

    expect([...new Set(packages)].sort()).toEqual(RUN_TIME_PACKAGES);
  });

  it("take undici at run time in two files", () => {
    const users = edges.filter(({ to }) => to === "undici").map(({ from }) => from);
    const allowed = ["cloudflare/client.ts", "cloudflare/dispatcher.ts", "cloudflare/transport.ts"];

    expect(users.filter((file) => !allowed.includes(file))).toEqual([]);
    expect(edges).not.toContainEqual({ from: "cloudflare/client.ts", to: "undici", typeOnly: false });
  });

  it("take @pulumi/pulumi in one folder", () => {
    const users = edges.filter(({ to }) => to === "@pulumi/pulumi").map(({ from }) => from.split("/")[0]);

    expect([...new Set(users)]).toEqual(["pulumi"]);
  });

  it("lead from the provider to no Pulumi at run time, on any way", () => {
    expect([...reachableFrom("pulumi/provider/provider.ts", runTime)]).not.toContain("@pulumi/pulumi");
  });

  it.each(["psk/", "cloudflare/", "gateways/", "simulator/"])("lead from %s to no Pulumi on any way", (folder) => {
    const reached = files.filter((file) => fits(file, folder)).flatMap((file) => [...reachableFrom(file, edges)]);

    expect(reached.filter((to) => to === "@pulumi/pulumi" || to.startsWith("pulumi/"))).toEqual([]);
  });

  it("never lead from psk/ to cloudflare/, nor back", () => {
    const between = (from: string, to: string) =>
      edges.filter((edge) => fits(edge.from, from) && fits(edge.to, to)).length;

    expect([between("psk/", "cloudflare/"), between("cloudflare/", "psk/")]).toEqual([0, 0]);
  });

  it("lead to the provider from nowhere", () => {
    expect(edges.filter(({ to }) => to === "pulumi/provider/provider.ts")).toEqual([]);
  });
});

describe("src/index.ts", () => {
  it("exports what other files hold, and has nothing of its own", () => {
    const index = parsed.find(({ file }) => file === "index.ts");
    const own = index?.source.statements.filter(
      (statement) => !ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined,
    );

    expect(own).toEqual([]);
  });
});

describe("forbiddenIn()", () => {
  it.each<[string, string, boolean]>([
    ["errors.ts", "psk/state.ts", true],
    ["version.ts", "errors.ts", false],
    ["psk/lifecycle.ts", "cloudflare/client.ts", true],
    ["psk/lifecycle.ts", "pulumi/connection.ts", false],
    ["psk/edge.ts", "cloudflare/tunnel-reader.ts", true],
    ["psk/limits.ts", "pulumi/settings.ts", true],
    ["psk/lifecycle.ts", "gateways/index.ts", false],
    ["psk/state.ts", "node:fs", false],
    ["cloudflare/client.ts", "psk/lifecycle.ts", true],
    ["cloudflare/client.ts", "undici", false],
    ["cloudflare/retry.ts", "undici", true],
    ["cloudflare/rate-limiter.ts", "undici", true],
    ["gateways/index.ts", "@pulumi/pulumi", true],
    ["gateways/index.ts", "cloudflare/client.ts", false],
    ["gateways/vyos.ts", "psk/cloud-vpns.ts", true],
    ["gateways/check-psk.ts", "psk/state.ts", true],
    ["simulator/serve.ts", "errors.ts", true],
    ["simulator/serve.ts", "undici", false],
    ["pulumi/provider/provider.ts", "@pulumi/pulumi", false],
    ["pulumi/provider/provider.ts", "pulumi/account-provider.ts", false],
    ["pulumi/provider/edge.ts", "@pulumi/pulumi", true],
    ["pulumi/connection.ts", "@pulumi/pulumi", true],
    ["pulumi/settings.ts", "@pulumi/pulumi", true],
    ["pulumi/preview/preflight.ts", "@pulumi/pulumi", true],
    ["pulumi/preview/harmless.ts", "psk/state.ts", false],
    ["pulumi/ipsec-tunnel-psk.ts", "pulumi/provider/provider.ts", true],
    ["index.ts", "pulumi/provider/provider.ts", false],
    ["a-file-without-a-row.ts", "errors.ts", true],
  ])("finds %s -> %s", (from, to, typeOnly) => {
    expect(forbiddenIn([{ from, to, typeOnly }])).toEqual([`${from} -> ${to}`]);
  });

  it.each<[string, string, boolean]>([
    ["cloudflare/client.ts", "undici", true],
    ["cloudflare/transport.ts", "undici", false],
    ["pulumi/provider/provider.ts", "@pulumi/pulumi", true],
    ["simulator/serve.ts", "node:http", false],
  ])("lets %s -> %s pass", (from, to, typeOnly) => {
    expect(forbiddenIn([{ from, to, typeOnly }])).toEqual([]);
  });
});

describe("onCircles()", () => {
  const edge = (from: string, to: string): Edge => ({ from, to, typeOnly: true });

  it("finds a circle, and the files on it", () => {
    expect(onCircles([edge("a", "b"), edge("b", "c"), edge("c", "b")])).toEqual(["b", "c"]);
  });

  it("finds a file that imports itself", () => {
    expect(onCircles([edge("a", "a")])).toEqual(["a"]);
  });

  it("lets two ways to one file pass", () => {
    expect(onCircles([edge("a", "b"), edge("a", "c"), edge("b", "d"), edge("c", "d")])).toEqual([]);
  });
});

describe("edgesOf()", () => {
  it.each([
    ['import { x } from "zod"', false],
    ['import x from "zod"', false],
    ['import * as x from "zod"', false],
    ['import "zod"', false],
    ['import { type X, y } from "zod"', false],
    ['export { x } from "zod"', false],
    ['export * from "zod"', false],
    ['const load = async () => (await import("zod")).z', false],
    ['import type { X } from "zod"', true],
    ['import { type X } from "zod"', true],
    ['export type { X } from "zod"', true],
    ['export { type X } from "zod"', true],
  ])("reads %s", (text, typeOnly) => {
    const source = ts.createSourceFile("psk/fake.ts", text, ts.ScriptTarget.ES2022);

    expect(edgesOf("psk/fake.ts", source)).toEqual([{ from: "psk/fake.ts", to: "zod", typeOnly }]);
  });
});
