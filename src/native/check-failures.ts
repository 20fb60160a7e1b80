import type { InputProblem } from "../psk/inputs";
import type { Failure } from "./resource-kind";
import type { Properties } from "./wire";

/**
 * Names the property of a mistake only if its value may be shown, because the engine prints the value beside the name. That is a
 * plain, known, single value of a property that is never secret. Otherwise the reason names the property.
 *
 * @param showable - The properties of the resource that are never secret.
 */
export function toFailure(news: Properties, showable: ReadonlySet<string>) {
  return ({ property, reason }: InputProblem): Failure =>
    showable.has(property) && isSingle(news[property])
      ? { property, reason }
      : { property: "", reason: `${property} ${reason}` };
}

// A secret is an object until it is unwrapped.
function isSingle(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
