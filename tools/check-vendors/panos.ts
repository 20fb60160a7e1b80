import type { Finding } from "./finding";

/** One kind of object, as a class of pan-os-python describes it. */
export interface PanosClass {
  /** Below the object that it belongs to: "/network/ike/gateway". */
  readonly path: string | null;
  /** Whether a name follows the path. */
  readonly named: boolean;
  readonly children: readonly string[];
  readonly params: readonly Param[];
}

/** A setting, in the words of the newest version that the package knows. */
export interface Param {
  readonly name: string;
  /** May have the value of another setting in it: "peer-address/{peer_ip_type}". */
  readonly path?: string | null;
  readonly vartype?: string | null;
  readonly values?: readonly string[] | null;
  /** The values of other settings with which it exists. */
  readonly condition?: Readonly<Record<string, unknown>> | null;
  readonly exclude?: boolean;
}

/** The classes whose objects a tunnel needs; those below them follow. */
const ROOTS = [
  "ManagementProfile",
  "TunnelInterface",
  "VirtualRouter",
  "Zone",
  "IkeCryptoProfile",
  "IpsecCryptoProfile",
  "IkeGateway",
  "IpsecTunnel",
];

/** The words that may follow some words. */
interface Node {
  readonly next: Map<string, Node>;
  /** What follows instead, if it may be any name. */
  named?: Node;
  /** The value that ends the command. */
  value?: Pick<Param, "vartype" | "values">;
  /** Whether the command may end here. */
  isEnd?: boolean;
}

export type PanosGrammar = Node;

/** Puts the paths of all kinds of object into one tree. */
export function grammarOf(classes: Readonly<Record<string, PanosClass>>): PanosGrammar {
  const root = node();
  const add = (name: string, from: Node): void => {
    const { path, named, children, params } = classes[name] ?? missing(name);
    const place = walk(from, path ?? "");
    const object = named ? (place.named ??= node()) : place;
    for (const param of params) addParam(object, param, params);
    for (const child of children) if (classes[child]?.path != null) add(child, object);
  };
  for (const name of ROOTS) add(name, root);
  return root;
}

function addParam(
  object: Node,
  { name, path, vartype, values, condition, exclude }: Param,
  all: readonly Param[],
): void {
  if (exclude) return;
  const own = path ?? name.replaceAll("_", "-");
  for (const written of expanded(own, all, condition ?? {})) {
    const place = walk(object, written);
    // A setting that its own path has in it has no value besides.
    if (own.includes(`{${name}}`)) place.isEnd = true;
    else place.value = { vartype: vartype ?? null, values: values ?? null };
  }
}

/** Writes a path with each value that the settings in it may have. */
function expanded(path: string, all: readonly Param[], condition: Readonly<Record<string, unknown>>): string[] {
  const [, name = ""] = /\{(\w+)\}/.exec(path) ?? [];
  if (name === "") return [path];
  const wanted = condition[name];
  const values = all.find((param) => param.name === name)?.values ?? [];
  const possible = wanted === undefined ? values : [wanted].flat().map(String);
  return possible.flatMap((value) => expanded(path.replaceAll(`{${name}}`, value), all, condition));
}

/** Checks the `set` commands of a text. */
export function checkPanos(text: string, grammar: PanosGrammar): Finding[] {
  return text.split("\n").flatMap((line, index) => {
    const words = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, "$1"));
    const [verb = "", ...path] = words;
    if (verb === "" || verb.startsWith("#")) return [];
    const says = verb === "set" ? mistakeIn(path, grammar) : `${verb} is not a command of a configuration`;
    return says === undefined ? [] : [{ line: index + 1, says, isBeyond: false }];
  });
}

/** Follows the words of one command. After a value, another setting beside it may follow. */
function mistakeIn(path: readonly string[], grammar: Node): string | undefined {
  let [around, at] = [grammar, grammar];
  let isEnd = false;
  for (const [index, word] of path.entries()) {
    const before = path.slice(0, index).join(" ");
    const next = at.next.get(word) ?? at.named;
    if (next !== undefined) [around, at, isEnd] = [at, next, next.isEnd === true && next.value === undefined];
    else if (at.value === undefined)
      return `${before} has no ${word}, but ${[...at.next.keys()].join(", ") || "no more"}`;
    else {
      const says = mistakeInValue(word, at.value, before);
      if (says !== undefined) return says;
      [at, isEnd] = [around, true];
    }
  }
  return isEnd ? undefined : `${path.join(" ")} is not complete`;
}

function mistakeInValue(
  word: string,
  { vartype, values }: NonNullable<Node["value"]>,
  before: string,
): string | undefined {
  const known = values && values.length > 0 ? values : vartype === "yesno" ? ["yes", "no"] : undefined;
  if (known && !known.includes(word)) return `${before}: ${word} is not one of ${known.join(", ")}`;
  return vartype === "int" && !/^\d+$/.test(word) ? `${before} takes a number` : undefined;
}

function walk(from: Node, path: string): Node {
  return path
    .split("/")
    .filter((word) => word !== "")
    .reduce((at, word) => {
      const next = at.next.get(word) ?? node();
      at.next.set(word, next);
      return next;
    }, from);
}

function node(): Node {
  return { next: new Map() };
}

function missing(name: string): never {
  throw new Error(`Cannot read the grammar of PAN-OS: pan-os-python has no class ${name}`);
}
