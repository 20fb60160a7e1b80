import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { anchorsOf, readPage } from "../docs/markdown";
import { ROOT } from "../support/build";
import { readYaml } from "./read-yaml";

interface Element {
  readonly type: string;
  readonly id?: string;
  readonly attributes: {
    readonly label?: string;
    readonly description?: string;
    readonly value?: string;
    readonly options?: readonly (string | { readonly label: string })[];
  };
  readonly validations?: { readonly required?: boolean };
}

interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly Element[];
}

const FOLDER = "ISSUE_TEMPLATE";
const names = readdirSync(join(ROOT, ".github", FOLDER)).filter((name) => name !== "config.yml");

it("config.yml leaves no way around the forms", () => {
  expect(names.sort()).toEqual(["bug.yml", "feature.yml"]);
  expect(readYaml(`${FOLDER}/config.yml`)).toEqual({ blank_issues_enabled: false });
});

// https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
describe.each(names)("%s", (name) => {
  const { body, ...form } = readYaml(`${FOLDER}/${name}`) as Form;
  const fields = body.filter(({ type }) => type !== "markdown");

  it("has what GitHub requires of a form", () => {
    expect([form.name, form.description].map((text) => text.length > 0)).toEqual([true, true]);
    expect(body.filter(({ type }) => !["markdown", "textarea", "dropdown", "checkboxes"].includes(type))).toEqual([]);
    expect(fields.filter(({ id = "", attributes }) => !/^[\w-]+$/.test(id) || !attributes.label)).toEqual([]);
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
  });

  it("has different options in each list", () => {
    const lists = fields.flatMap(({ attributes }) => (attributes.options === undefined ? [] : [attributes.options]));

    expect(lists.filter((options) => options.length === 0 || new Set(options).size < options.length)).toEqual([]);
  });

  it("says first that no key and no token belongs here", () => {
    expect(body[0]?.attributes.value).toMatch(/^\*\*Never paste a pre-shared key or an API token\W/);
  });

  it("asks for the provider, and for the versions of the CLI, the package and Node.js", () => {
    const required = fields.filter(({ validations }) => validations?.required === true);
    const versions = required.find(({ id }) => id === "versions")?.attributes;

    expect(required.map(({ id }) => id)).toEqual(expect.arrayContaining(["provider", "versions"]));
    expect(versions?.description).toMatch(/`pulumi version`.+(?:package|npm ls).+/);
    expect(versions?.description).toMatch(/node/i);
  });
});

describe("bug.yml", () => {
  const { body } = readYaml(`${FOLDER}/bug.yml`) as Form;

  it("requires the redacted output, and a second look at it", () => {
    expect(body.find(({ id }) => id === "output")).toMatchObject({
      attributes: { label: "Redacted output" },
      validations: { required: true },
    });
    expect(body.find(({ id }) => id === "redacted")).toMatchObject({ attributes: { options: [{ required: true }] } });
  });

  it("links to the section of SECURITY.md that says where to report a vulnerability", () => {
    const [, anchor = ""] = /\(\.\.\/blob\/HEAD\/SECURITY\.md#([\w-]+)\)/.exec(body[0]?.attributes.value ?? "") ?? [];

    expect(anchorsOf(readPage("SECURITY.md"))).toContain(anchor);
  });
});

it("PULL_REQUEST_TEMPLATE.md is short, and names scripts that package.json has", () => {
  const text = readFileSync(join(ROOT, ".github/PULL_REQUEST_TEMPLATE.md"), "utf8");
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: object };
  const named = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script = ""]) => script);

  expect(text.split("\n").length).toBeLessThanOrEqual(15);
  expect(named).toContain("lint");
  expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
});
