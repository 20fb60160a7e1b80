import type { Lines } from "../../src/native/engine-log";
import type { Call } from "../../src/native/resource-kind";

/** The lines that a call wrote, each after its severity. */
export interface RecordedCall extends Call {
  readonly written: readonly string[];
}

export function recordLines(): Lines & { readonly written: readonly string[] } {
  const written: string[] = [];
  return {
    written,
    info: (text) => written.push(`info: ${text}`),
    warn: (text) => written.push(`warning: ${text}`),
    delivered: () => Promise.resolve(),
  };
}

/** A call about one resource of a stack `dev` in a project `demo`. */
export function recordedCall(type: string, name = "branch-1", options: Pick<Call, "timeoutMs"> = {}): RecordedCall {
  const lines = recordLines();
  return { name, urn: `urn:pulumi:dev::demo::${type}::${name}`, lines, written: lines.written, ...options };
}
