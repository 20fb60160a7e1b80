// The types of the tunnel's resource and data source, read from the declarations of @pulumi/cloudflare: npm has them, but not
// the schema that they were generated from.
const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

const SDK = dirname(require.resolve("@pulumi/cloudflare/package.json"));
const RESOURCE = "cloudflare:index/magicWanIpsecTunnel:MagicWanIpsecTunnel";
const FUNCTION = "cloudflare:index/getMagicWanIpsecTunnel:getMagicWanIpsecTunnel";

const read = (file) => readFileSync(join(SDK, `${file}.d.ts`), "utf8");
const resource = once(() => read("magicWanIpsecTunnel"));
const dataSource = once(() => read("getMagicWanIpsecTunnel"));
const inputTypes = once(() => read("types/input"));
const outputTypes = once(() => read("types/output"));

const inputs = once(() => membersOf(resource(), "MagicWanIpsecTunnelArgs"));
const outputs = once(() => membersOf(resource(), "MagicWanIpsecTunnel"));
const result = once(() => membersOf(outputTypes(), "GetMagicWanIpsecTunnelIpsecTunnel"));

/** Returns the reduced schema, as `GetSchema` returns it. */
function createSchema() {
  const types = {};
  const object = (members, source) => objectOf(members, { types, source });
  const args = object(inputs(), inputTypes());
  const state = object(outputs(), inputTypes());
  args.properties.psk.secret = state.properties.psk.secret = true;
  return {
    name: "cloudflare",
    version: require("@pulumi/cloudflare/package.json").version,
    types,
    resources: {
      [RESOURCE]: { ...state, inputProperties: args.properties, requiredInputs: args.required },
    },
    functions: {
      [FUNCTION]: {
        inputs: object(membersOf(dataSource(), "GetMagicWanIpsecTunnelArgs"), inputTypes()),
        outputs: object(membersOf(dataSource(), "GetMagicWanIpsecTunnelResult"), outputTypes()),
      },
    },
  };
}

/** Returns the members of an interface or class, by name. */
function membersOf(source, name) {
  const [, body] =
    new RegExp(`(?:interface|class) ${name} (?:extends [\\w.]+ )?\\{\\n([^]*?)\\n\\}`).exec(source) ?? [];
  if (body === undefined) throw new Error(`@pulumi/cloudflare does not declare ${name}`);
  const members = body.matchAll(/^ {4}(?:readonly )?(\w+)(\?)?: (.+);$/gm);
  return new Map(
    [...members].map(([, member, mark, type]) => [member, { type: bare(type), isOptional: isOptional(mark, type) }]),
  );
}

const isOptional = (mark, type) => mark === "?" || / \| undefined>$/.test(type);

/** Removes from a type what says how a value arrives. */
function bare(type) {
  const inner = /^pulumi\.(?:In|Out)put<(.+)>$/.exec(type)?.[1];
  return inner === undefined ? type.replace(/ \| undefined$/, "") : bare(inner.replace(/ \| undefined$/, ""));
}

function objectOf(members, context) {
  const properties = [...members].map(([name, { type }]) => [name, typeOf(type, context)]);
  const required = [...members].filter(([, { isOptional }]) => !isOptional).map(([name]) => name);
  return { type: "object", properties: Object.fromEntries(properties), required };
}

function typeOf(type, context) {
  if (type.endsWith("[]")) return { type: "array", items: typeOf(bare(type.slice(0, -2)), context) };
  const name = /^(?:in|out)puts\.(\w+)$/.exec(type)?.[1];
  if (name === undefined) return { type: type === "number" ? "integer" : type };
  // In the bridge's form: a resource's type keeps its capital, a data source's does not.
  const own = name.replace(/^Get/, "get");
  const token = `cloudflare:index/${own}:${own}`;
  context.types[token] ??= objectOf(membersOf(context.source, name), context);
  return { $ref: `#/types/${token}` };
}

function once(create) {
  let value;
  return () => (value ??= create());
}

module.exports = {
  createSchema,
  inputNames: () => [...inputs().keys()],
  outputNames: () => [...outputs().keys()],
  resultNames: () => [...result().keys()],
};
