import { isOlder } from "../../src/gateways/router-version";
import type { Finding } from "./finding";

/** The versions that have a word, first and last, such as `["v7.6.0", ""]`: an empty last one is none. */
type Range = readonly [first: string, last: string];

/** A table, an entry's field, or a table in an entry, as `versioned_schema` describes it. */
export interface Field {
  readonly type: string;
  readonly v_range?: readonly Range[];
  readonly children?: Readonly<Record<string, Field>>;
  /** Of an entry's field: what `edit` names. */
  readonly required?: boolean;
  readonly options?: readonly { readonly value: string; readonly v_range?: readonly Range[] }[];
}

/** The grammar of each table, by its words with `_`: "vpn_ipsec_phase1_interface". */
export type Tables = Readonly<Record<string, Field>>;

/**
 * Words that only versions after those of the grammar have.
 *
 * @see https://docs.fortinet.com/document/fortigate/8.0.0/cli-reference (vpn ipsec phase1-interface, addke1)
 */
const LATER_WORDS = [{ since: "7.6.7", field: "addke1", words: ["ml-kem-768", "ml-kem-1024", "none"] }];

/** Returns the names of the tables that texts configure. */
export function tablesIn(texts: readonly string[]): string[] {
  const lines = texts.flatMap((text) => text.split("\n"));
  return [...new Set(lines.filter((line) => line.startsWith("config ")).map((line) => keyOf(line.slice(7))))].sort();
}

/** Returns the releases from 7.0 on in which something changes in the tables, in their order. */
export function releasesIn(tables: Tables): string[] {
  const named = JSON.stringify(tables).match(/(?<="v)\d+\.\d+\.\d+(?=")/g) ?? [];
  const releases = [...new Set(named)].filter((release) => !isOlder(release, "7.0"));
  return releases.sort((one, other) => (isOlder(one, other) ? -1 : 1));
}

/** Checks paths, keys and values of a text, as one version reads it. */
export function checkFortios(text: string, tables: Tables, version: string): Finding[] {
  const findings: Finding[] = [];
  // What the lines are in, from the outside; `undefined` if the grammar does not have it.
  const within: { readonly verb: "config" | "edit"; readonly field: Field | undefined; readonly name: string }[] = [];

  for (const [index, words] of text.split("\n").map(wordsIn).entries()) {
    const [verb = "", ...rest] = words;
    const top = within.at(-1);
    const find = (says: string) => findings.push({ line: index + 1, says: `${says} (${version})`, isBeyond: false });
    const has = (field: Field | undefined) => field !== undefined && isIn(field.v_range, version);

    if (verb === "" || verb.startsWith("#")) continue;
    if (verb === "config") {
      const name = rest.join(" ");
      const field = within.length === 0 ? tables[keyOf(name)] : top?.field?.children?.[keyOf(name)];
      if (!has(field) && (within.length === 0 || top?.field)) find(`there is no table ${name}`);
      within.push({ verb, field: has(field) ? field : undefined, name });
    } else if (verb === "edit") {
      const [entry = ""] = rest;
      if (top?.verb !== "config" || (top.field && top.field.type !== "list")) find("there are no entries here");
      const key = Object.values(top?.field?.children ?? {}).find(({ required }) => required);
      if (key?.type === "integer" && !isNumber(entry)) find(`an entry of ${top?.name ?? ""} is a number`);
      within.push({ verb, field: top?.field, name: top?.name ?? "" });
    } else if (verb === "next" || verb === "end") {
      if (top?.verb !== (verb === "next" ? "edit" : "config")) find(`there is nothing to ${verb}`);
      within.pop();
    } else if (verb === "set") {
      const [name = "", ...values] = rest;
      if (top === undefined || (top.verb === "config" && top.field?.type === "list")) find("there is no entry here");
      const field = top?.field?.children?.[keyOf(name)];
      if (top?.field && (!field || !has(field))) find(`${top.name} has no ${name}`);
      else if (field) {
        const [later, known] = partition(values, (word) => isLater(name, word, version));
        for (const word of later) findings.push({ line: index + 1, says: `${name} ${word}`, isBeyond: true });
        const says = mistakeIn(field, known, version);
        if (says !== undefined && known.length > 0) find(`${top.name}, ${name}: ${says}`);
      }
    } else find(`${verb} is not a command of a configuration`);
  }
  if (within.length > 0)
    findings.push({ line: text.split("\n").length, says: "a table is not ended", isBeyond: false });
  return findings;
}

function isLater(field: string, word: string, version: string): boolean {
  return LATER_WORDS.some((later) => {
    return later.field === field && later.words.includes(word) && !isOlder(version, later.since);
  });
}

function mistakeIn({ type, options, children }: Field, values: readonly string[], version: string): string | undefined {
  const [value = "", ...more] = values;
  if (children) return "it is a table";
  if (options) {
    const known = options.filter(({ v_range }) => isIn(v_range, version)).map((option) => option.value);
    const foreign = values.filter((word) => !known.includes(word));
    if (foreign.length > 0) return `${foreign.join(" ")} is not one of ${known.join(", ")}`;
    return type !== "list" && more.length > 0 ? "it takes one word" : undefined;
  }
  if (type === "integer") return isNumber(value) && more.length === 0 ? undefined : "it takes a number";
  // An address and its mask are two words of one value.
  return more.length === 0 || (more.length === 1 && values.every(isAddress)) ? undefined : "it takes one word";
}

function isIn(ranges: readonly Range[] | undefined, version: string): boolean {
  const number = (release: string) => release.slice(1);
  return (
    ranges === undefined ||
    ranges.some(([first, last]) => !isOlder(version, number(first)) && (last === "" || !isOlder(number(last), version)))
  );
}

function partition<Value>(values: readonly Value[], isFirst: (value: Value) => boolean): [Value[], Value[]] {
  return [values.filter(isFirst), values.filter((value) => !isFirst(value))];
}

const keyOf = (words: string): string => words.replace(/[ -]/g, "_");
const isNumber = (word: string): boolean => /^\d+$/.test(word);
const isAddress = (word: string): boolean => /^\d+(\.\d+){3}$/.test(word);

function wordsIn(line: string): string[] {
  return (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, "$1"));
}
