import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { devDependencies } from "../../package.json";
import { ROOT } from "../support/build";
import { readYaml } from "./read-yaml";

interface Update {
  readonly "package-ecosystem": string;
  readonly directory?: string;
  readonly directories?: readonly string[];
  readonly groups?: Readonly<Record<string, { readonly patterns: readonly string[] }>>;
  readonly ignore?: readonly { readonly "dependency-name": string }[];
}

const MANIFESTS: Readonly<Record<string, string>> = {
  npm: "package.json",
  gomod: "go.mod",
  pip: "requirements.txt",
};

const { version, updates } = readYaml("dependabot.yml") as {
  readonly version: number;
  readonly updates: readonly Update[];
};

const foldersOf = ({ directory, directories = [] }: Update) => [...(directory ? [directory] : []), ...directories];

/** Returns the folders with a manifest, as dependabot.yml names them: at the root, and below tools/. */
function foldersWith(manifest: string): string[] {
  const below = readdirSync(join(ROOT, "tools"), { recursive: true, encoding: "utf8" }).map((file) => `/tools/${file}`);
  const atRoot = readdirSync(ROOT).map((file) => `/${file}`);
  return [...atRoot, ...below].filter((file) => file.endsWith(`/${manifest}`)).map(dirname);
}

describe("dependabot.yml", () => {
  it.each(Object.entries(MANIFESTS))("updates %s in every folder that has a %s", (ecosystem, manifest) => {
    const updated = updates.filter((update) => update["package-ecosystem"] === ecosystem).flatMap(foldersOf);

    expect(updated.sort()).toEqual(foldersWith(manifest).sort());
  });

  it("updates the actions of workflows, and of the actions that they share", () => {
    const shared = readdirSync(join(ROOT, ".github/actions")).map((name) => `/.github/actions/${name}`);
    const updated = updates.filter((update) => update["package-ecosystem"] === "github-actions").flatMap(foldersOf);

    expect(updated).toEqual(["/", ...shared]);
  });

  it("has no other kind of package, and one group for each", () => {
    expect(version).toBe(2);
    expect(updates.map((update) => update["package-ecosystem"])).toEqual([...Object.keys(MANIFESTS), "github-actions"]);
    expect(updates.map(({ groups = {} }) => Object.values(groups))).toEqual(updates.map(() => [{ patterns: ["*"] }]));
  });

  it("ignores only packages that package.json has", () => {
    const ignored = updates.flatMap(({ ignore = [] }) => ignore.map((each) => each["dependency-name"]));

    expect(ignored).toContain("@pulumi/pulumi");
    expect(ignored.filter((name) => !Object.hasOwn(devDependencies, name))).toEqual([]);
  });
});
