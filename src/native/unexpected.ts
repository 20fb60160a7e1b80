import { oneLine, shorten } from "../foreign-text";

/**
 * Describes an unexpected failure as one line: what kind it is, and where it happened. Its message is left out, because it may
 * quote what this process was working on.
 */
export function describeUnexpected(failure: unknown): string {
  const {
    name,
    message,
    stack = "",
  } = failure instanceof Error ? failure : { name: "a thrown value that is not an error", message: "" };
  const [, where = "an unknown place"] = /\n\s+at (.*)/.exec(stack.replace(message, "")) ?? [];
  return shorten(oneLine(`The plugin ends because of an unexpected failure: ${name} at ${where}`), 300);
}
