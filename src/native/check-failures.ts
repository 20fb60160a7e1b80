import { type InputProblem, problemText } from "../errors";
import type { Properties } from "./wire";

/**
 * Names the property of a problem only if its value may be shown, because the engine prints the value beside the name. That is a
 * plain, known, single value of a property that is never secret. Otherwise the reason names the property.
 *
 * @param showable - The properties of the resource that are never secret.
 */
export function showableProblem(news: Properties, showable: ReadonlySet<string>) {
  return (problem: InputProblem): InputProblem =>
    showable.has(problem.property) && isSingle(news[problem.property])
      ? problem
      : { property: "", reason: problemText(problem) };
}

// A secret is an object until it is unwrapped.
function isSingle(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
