import { isDeepStrictEqual } from "node:util";
import { pathOf } from "../psk/quote";
import { isInInputs, type Plan, type Reason } from "../psk/rotation";
import type { Difference, Differences, PropertyDifference } from "./resource-kind";
import { isObject, plain, type Properties } from "./wire";

/** No step is planned: outputs and dependent resources stay as they are. */
export const UNCHANGED: Difference = { changes: false };

/** Says how a resource would change. @param outputs - The outputs that change; shown only if no input explains the change. */
export function changed(oldInputs: Properties, news: Properties, outputs: Differences): Difference {
  const inputs = changedInputs(oldInputs, news);
  return { changes: true, properties: Object.keys(inputs).length > 0 ? inputs : outputs };
}

/** Says what a plan other than `keep` changes. */
export function plannedDifference(
  plan: Exclude<Plan, { kind: "keep" }>,
  oldInputs: Properties,
  news: Properties,
): Difference {
  switch (plan.kind) {
    case "replace": {
      const inputs = changedInputs(oldInputs, news);
      // A name may stay, and become that of another tunnel.
      const where = (property: string) => (Object.hasOwn(inputs, property) ? "inputs" : "outputs");
      const replaced = plan.properties.map((name) => [name, { kind: "replace", in: where(name) }] as const);
      return { changes: true, replaces: plan.properties, properties: { ...inputs, ...Object.fromEntries(replaced) } };
    }
    case "generate":
    case "set": {
      const inputs = changedInputs(oldInputs, news);
      const areTriggersShown = Object.keys(inputs).some((path) => path.startsWith("rotationTriggers"));
      // A failed update keeps the old triggers among the outputs, whatever the inputs are.
      const hidden = plan.reasons.filter((reason) => !isInInputs(reason) || !areTriggersShown);
      return { changes: true, properties: { ...merge(hidden.map(shownAs)), ...inputs } };
    }
    case "find":
      return { changes: true, properties: changedInputs(oldInputs, news) };
    case "takeOver":
      return { changes: true, properties: { psk: OUTPUT, ...changedInputs(oldInputs, news) } };
    case "refuse":
      return { changes: true, properties: { status: OUTPUT, ...changedInputs(oldInputs, news) } };
  }
}

const OUTPUT: PropertyDifference = { kind: "update", in: "outputs" };

/** Returns the output in which the engine shows a reason that is not among the inputs. */
function shownAs({ kind }: Reason): Differences {
  switch (kind) {
    case "superseded":
    case "lost":
      return { status: OUTPUT };
    case "tooOld":
      return { lastGeneratedOn: OUTPUT };
    case "triggerAdded":
    case "triggerChanged":
    case "triggerRemoved":
    case "triggerUnknown":
      return { rotationTriggers: OUTPUT };
    case "inputUnknown":
      return {};
    case "incompatible":
    case "noKey":
    case "pskAdded":
    case "pskChanged":
    case "pskRemoved":
    case "pskUnknown":
      return { psk: OUTPUT };
  }
}

/** Lists the changed inputs by name; those of a map by key. */
function changedInputs(olds: Properties, news: Properties, parent?: string): Differences {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const differences = names.map((name): Differences => {
    const [before, after] = [valueIn(olds, name), valueIn(news, name)];
    if (isDeepStrictEqual(plain(before), plain(after))) return {};
    if (parent === undefined && isMapOf(before) && isMapOf(after)) return changedInputs(before, after, name);
    const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
    return { [parent === undefined ? name : pathOf(parent, name)]: { kind, in: "inputs" } };
  });
  return merge(differences);
}

function merge(differences: readonly Differences[]): Differences {
  return Object.fromEntries(differences.flatMap((one) => Object.entries(one)));
}

function valueIn(properties: Properties, name: string): unknown {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

// The engine fails on a path that it cannot parse, and it cannot parse every path that `pathOf` writes.
function isMapOf(value: unknown): value is Properties {
  return isObject(value) && Object.keys(value).every((key) => /^[\w-]+$/.test(key));
}
