import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/build";
import { findLeaks } from "../support/leaks";
import { CONFIGURATION } from "./configuration";
import { keyOf, type Run, runExample } from "./run-example";

interface Package {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

// The demo starts the engine itself, and what the native provider needs is tested in e2e/native/languages.test.ts.
const EXAMPLES = readdirSync(join(ROOT, "examples")).filter((name) =>
  existsSync(join(ROOT, "examples", name, "tsconfig.json")),
);
const LINES_ON_A_SCREEN = 60;

const read = (...path: string[]) => readFileSync(join(ROOT, ...path), "utf8");
const readPackage = (...folder: string[]) => JSON.parse(read(...folder, "package.json")) as Package;

describe.each(EXAMPLES)("examples/%s", (example) => {
  const program = read("examples", example, "index.ts");

  it("is a Pulumi project whose every run reads the tunnels first", () => {
    const [folder, main] = example === "quick-start" ? [[], `main: examples/${example}`] : [["examples", example], ""];
    const project = read(...folder, "Pulumi.yaml");

    expect(project).toContain(`name: ipsec-psk-${example}\n`);
    expect(project).toContain(main);
    expect(project).toMatch(/\noptions:\n(?: +#.*\n)* +refresh: always\n/);
  });

  it("fits on a screen", () => {
    expect(program.trimEnd().split("\n").length).toBeLessThanOrEqual(LINES_ON_A_SCREEN);
  });

  it("is type-checked with the settings of the others", () => {
    expect(read("examples", example, "tsconfig.json")).toBe(read("examples/quick-start/tsconfig.json"));
  });

  it("depends on the packages that it imports, in the versions that it is type-checked with", () => {
    const { name, dependencies } = readPackage("examples", example);
    const checked: Readonly<Record<string, string>> = {
      ...readPackage().devDependencies,
      "@pulumi/pulumi": `^${readPackage().devDependencies["@pulumi/pulumi"] ?? ""}`,
      "pulumi-cloudflare-ipsec-psk": "file:../..",
    };
    const imported = [...program.matchAll(/ from "([^"]+)";$/gm)].map(([, specifier = ""]) => specifier);
    const packages = imported.filter((specifier) => !specifier.startsWith("node:"));

    expect(name).toBe(example);
    expect(dependencies).toEqual(Object.fromEntries(packages.map((specifier) => [specifier, checked[specifier]])));
  });

  it("plans in a preview, with unknown keys, the resources that `up` creates", async () => {
    const preview = await runExample(example, { preview: true });
    const up = await runExample(example);

    expect(resourcesOf(preview)).toEqual(resourcesOf(up));
    expect(keysIn(up)).not.toEqual([]);
  });

  it("passes each key on as a secret, and shows none", async () => {
    const run = await runExample(example);
    const keys = keysIn(run);
    const secrets = [...keys, CONFIGURATION.sshKey ?? ""];

    expect(keys.filter((key) => findLeaks(everythingIn(run), [key]).length === 0)).toEqual([]);
    expect(findLeaks(everythingShownBy(run), secrets)).toEqual([]);
  });
});

function resourcesOf({ registrations }: Run): string[] {
  return registrations.map(({ resource }) => resource).sort();
}

function keysIn({ registrations }: Run): string[] {
  return registrations.flatMap(({ resource, inputs }) => {
    const [type, name] = resource.split(" ");
    // A key that the program gives, or the one that Cloudflare generates.
    return type === "IpsecTunnelPsk" && name !== undefined ? [(inputs.psk as string | undefined) ?? keyOf(name)] : [];
  });
}

/** Everything that resources and other stacks get, secrets in plain text. */
function everythingIn({ registrations, outputs }: Run): ReadonlyMap<string, string> {
  return texts([
    ...registrations.map(({ resource, inputs }) => [resource, inputs] as const),
    ...Object.entries(outputs).map(([name, { value }]) => [name, value] as const),
  ]);
}

/** The same as previews and states show it. */
function everythingShownBy({ registrations, outputs }: Run): ReadonlyMap<string, string> {
  return texts([
    ...registrations.map(({ resource, shown }) => [resource, { resource, shown }] as const),
    ...Object.entries(outputs).map(([name, { value, secret }]) => [name, secret ? "[secret]" : value] as const),
  ]);
}

function texts(values: readonly (readonly [name: string, value: unknown])[]): ReadonlyMap<string, string> {
  return new Map(values.map(([name, value]) => [name, JSON.stringify(value ?? null)]));
}
