import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

/** One import. `from` and `to` are files below src/, or `to` is a package or a builtin of Node ("node:zlib"). */
interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
  /** Whether the file loads it later, by `import("…")`. */
  readonly lazy?: boolean;
}

const LEAVES = [
  "errors.ts",
  "foreign-text.ts",
  "given.ts",
  "once.ts",
  "tunnel.ts",
  "rfc3339.ts",
  "cloud-vpns.ts",
  "version.ts",
];

// The first row that fits a file holds for it. "folder/" stands for all of its files, "leaves" for LEAVES, "type x" for the
// types of x only.
const MAY_IMPORT: readonly (readonly [string, readonly string[]])[] = [
  ...LEAVES.map((leaf): [string, string[]] => [leaf, []]),
  ["psk/", ["psk/", "leaves", "zod"]],
  ["cloudflare/", ["cloudflare/", "leaves", "undici", "zod", "node:"]],
  ["gateways/", ["gateways/", "leaves", "node:"]],
  ["connection/", ["connection/", "psk/", "cloudflare/", "leaves", "node:"]],
  ["preview/", ["preview/", "connection/", "psk/", "cloudflare/", "leaves", "node:"]],
  // What runs in the user's program. The text in the state names what Pulumi's provider process loads.
  [
    "program/",
    [
      "program/",
      "dynamic/provider-text.ts",
      "preview/",
      "connection/",
      "psk/",
      "gateways/",
      "leaves",
      "@pulumi/pulumi",
      "node:",
    ],
  ],
  // What Pulumi's provider process loads, it loads with every preview and every up: so without Pulumi's SDK.
  ["dynamic/", ["dynamic/", "connection/", "psk/", "leaves", "type @pulumi/pulumi", "node:"]],
  // Everything here is bundled into the plugin, which starts in a fifth of a second because Pulumi's SDK is not.
  ["native/protocol.ts", ["@grpc/grpc-js", "@pulumi/pulumi/proto", "google-protobuf"]],
  ["native/", ["native/", "preview/", "connection/", "psk/", "gateways/", "leaves", "node:"]],
  ["simulator/", ["simulator/", "zod", "node:"]],
  ["index.ts", ["program/", "type gateways/index.ts", "type connection/settings.ts", "type psk/state.ts", "errors.ts"]],
];

const RUN_TIME_PACKAGES = ["@pulumi/pulumi", "undici", "zod"];

/** Every import that no row allows, as text. */
function forbiddenIn(imports: readonly Import[]): string[] {
  return imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} -> ${to}`);
}

function isAllowed({ from, to, typeOnly }: Import): boolean {
  const [, allowed = []] = MAY_IMPORT.find(([row]) => fits(from, row)) ?? [];
  return allowed.some((entry) => fits(to, entry) || (typeOnly && fits(to, entry.replace(/^type /, ""))));
}

function fits(path: string, entry: string): boolean {
  if (entry === "leaves") return LEAVES.includes(path);
  return /[/:]$/.test(entry) ? path.startsWith(entry) : path === entry;
}

/** The files from which a way leads back to themselves. */
function onCircles(imports: readonly Import[]): string[] {
  const files = [...new Set(imports.map(({ from }) => from))];
  return files.filter((file) => reachableFrom(file, imports).has(file));
}

function reachableFrom(start: string, imports: readonly Import[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const { from, to } of imports) {
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
const imports = parsed.flatMap(({ file, source }) => importsIn(file, source));
const runTime = imports.filter(({ typeOnly }) => !typeOnly);

type Statement = ts.ImportDeclaration | ts.ExportDeclaration;

function statementsOf(source: ts.SourceFile): { readonly statement: Statement; readonly specifier: string }[] {
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

function importsIn(file: string, source: ts.SourceFile): Import[] {
  const found = (specifier: string, typeOnly: boolean, lazy: boolean): Import => ({
    from: file,
    to: specifier.startsWith(".") ? fileOf(file, specifier) : packageOf(specifier),
    typeOnly,
    lazy,
  });
  return [
    ...statementsOf(source).map(({ statement, specifier }) => found(specifier, isTypeOnly(statement), false)),
    ...loadedBy(source).map((specifier) => found(specifier, false, true)),
  ];
}

function fileOf(from: string, specifier: string): string {
  const path = relative(SRC, join(SRC, from, "..", specifier))
    .replaceAll("\\", "/")
    .replace(/\.js$/, "");
  if (path.endsWith(".json")) return path;
  return files.includes(`${path}.ts`) ? `${path}.ts` : `${path}/index.ts`;
}

function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  // Generated messages, which load nothing of the SDK.
  if (specifier.startsWith("@pulumi/pulumi/proto/")) return "@pulumi/pulumi/proto";
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function isTypeOnly(statement: Statement): boolean {
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
    expect(forbiddenIn(imports)).toEqual([]);
  });

  it("have a row in the table for every file", () => {
    expect(files.filter((file) => !MAY_IMPORT.some(([row]) => fits(file, row)))).toEqual([]);
  });

  it("use all that the table allows", () => {
    const unused = MAY_IMPORT.flatMap(([row, allowed]) => {
      const own = imports.filter(({ from }) => MAY_IMPORT.find(([other]) => fits(from, other))?.[0] === row);
      const isUsed = (entry: string) =>
        own.some(({ to, typeOnly }) => fits(to, entry) || (typeOnly && fits(to, entry.replace(/^type /, ""))));
      return allowed.filter((entry) => !isUsed(entry)).map((entry) => `${row} -> ${entry}`);
    });

    expect(unused).toEqual([]);
  });

  it("make no circle", () => {
    expect(onCircles(imports)).toEqual([]);
  });

  it("stand where this test sees them", () => {
    const hidden = parsed.filter(({ text, source }) => {
      const all = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
      const seen = [...statementsOf(source).map(({ specifier }) => specifier), ...loadedBy(source)];
      return all.sort().join() !== seen.sort().join();
    });

    expect(hidden.map(({ file }) => file)).toEqual([]);
  });

  it("take three packages at run time, and no more", () => {
    const installed = runTime.filter(({ from }) => !fits(from, "native/"));
    const packages = installed.map(({ to }) => to).filter((to) => !files.includes(to) && !to.startsWith("node:"));

    expect([...new Set(packages)].sort()).toEqual(RUN_TIME_PACKAGES);
  });

  it("take undici at run time in one file", () => {
    const users = runTime.filter(({ to }) => to === "undici").map(({ from }) => from);

    expect(users.sort()).toEqual(["cloudflare/dispatcher.ts"]);
  });

  it("take @pulumi/pulumi in one folder", () => {
    const users = runTime.filter(({ to }) => to === "@pulumi/pulumi").map(({ from }) => from.split("/")[0]);

    expect([...new Set(users)]).toEqual(["program"]);
  });

  it("lead from the provider to no Pulumi at run time, on any way", () => {
    expect([...reachableFrom("dynamic/dynamic-provider.ts", runTime)]).not.toContain("@pulumi/pulumi");
  });

  // HTTP and schemas take longer to load than all the rest, and most runs need neither.
  it.each([
    ["a program", "index.ts", ["undici", "zod"]],
    ["the provider", "dynamic/dynamic-provider.ts", ["undici"]],
    ["the plugin's port", "native/server.ts", ["undici", "zod"]],
    ["the plugin", "native/provider.ts", ["undici"]],
  ])("lead from %s (%s) to none of %j before that is needed", (_what, file, packages) => {
    const immediate = reachableFrom(
      file,
      runTime.filter(({ lazy }) => !lazy),
    );

    expect(packages.filter((name) => immediate.has(name))).toEqual([]);
  });

  it.each(["psk/", "cloudflare/", "gateways/", "connection/", "preview/", "native/", "simulator/"])(
    "lead from %s to no Pulumi on any way",
    (folder) => {
      const reached = files.filter((file) => fits(file, folder)).flatMap((file) => [...reachableFrom(file, imports)]);

      expect(reached.filter((to) => to === "@pulumi/pulumi" || /^(program|dynamic)\//.test(to))).toEqual([]);
    },
  );

  it("lead to the provider from nowhere, because only the provider text in the state names it", () => {
    expect(imports.filter(({ to }) => to === "dynamic/dynamic-provider.ts")).toEqual([]);
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
    ["psk/lifecycle.ts", "connection/connection.ts", false],
    ["psk/tunnel-api.ts", "cloudflare/tunnel-lists.ts", true],
    ["psk/limits.ts", "connection/settings.ts", true],
    ["psk/lifecycle.ts", "gateways/index.ts", false],
    ["psk/state.ts", "node:fs", false],
    ["cloudflare/client.ts", "psk/lifecycle.ts", true],
    ["cloudflare/ipsec-tunnels.ts", "psk/tunnel-api.ts", true],
    ["gateways/index.ts", "@pulumi/pulumi", true],
    ["gateways/index.ts", "cloudflare/client.ts", false],
    ["gateways/psk-problems.ts", "psk/state.ts", true],
    ["simulator/serve.ts", "errors.ts", true],
    ["simulator/serve.ts", "undici", false],
    ["dynamic/dynamic-provider.ts", "@pulumi/pulumi", false],
    ["connection/cloudflare-tunnels.ts", "@pulumi/pulumi", true],
    ["connection/connection.ts", "program/claims.ts", true],
    ["preview/preflight.ts", "@pulumi/pulumi", true],
    ["preview/messages.ts", "gateways/index.ts", true],
    ["native/server.ts", "@pulumi/pulumi", true],
    ["native/server.ts", "@grpc/grpc-js", false],
    ["native/provider.ts", "program/claims.ts", false],
    ["dynamic/host-error.ts", "program/claims.ts", false],
    ["program/claims.ts", "dynamic/host-error.ts", false],
    ["native/provider.ts", "cloudflare/client.ts", false],
    ["program/claims.ts", "native/claims.ts", false],
    ["index.ts", "connection/settings.ts", false],
    ["a-file-without-a-row.ts", "errors.ts", true],
  ])("finds %s -> %s", (from, to, typeOnly) => {
    expect(forbiddenIn([{ from, to, typeOnly }])).toEqual([`${from} -> ${to}`]);
  });

  it.each<[string, string, boolean]>([
    ["cloudflare/transport.ts", "undici", false],
    ["gateways/psk-problems.ts", "cloud-vpns.ts", false],
    ["dynamic/dynamic-provider.ts", "@pulumi/pulumi", true],
    ["simulator/serve.ts", "node:http", false],
  ])("lets %s -> %s pass", (from, to, typeOnly) => {
    expect(forbiddenIn([{ from, to, typeOnly }])).toEqual([]);
  });
});

describe("onCircles()", () => {
  const one = (from: string, to: string): Import => ({ from, to, typeOnly: true });

  it("finds a circle, and the files on it", () => {
    expect(onCircles([one("a", "b"), one("b", "c"), one("c", "b")])).toEqual(["b", "c"]);
  });

  it("finds a file that imports itself", () => {
    expect(onCircles([one("a", "a")])).toEqual(["a"]);
  });

  it("lets two ways to one file pass", () => {
    expect(onCircles([one("a", "b"), one("a", "c"), one("b", "d"), one("c", "d")])).toEqual([]);
  });
});

describe("importsIn()", () => {
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

    expect(importsIn("psk/fake.ts", source)).toEqual([
      { from: "psk/fake.ts", to: "zod", typeOnly, lazy: text.includes("import(") },
    ]);
  });
});
