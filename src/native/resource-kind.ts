import type { OperationOptions } from "../psk/lifecycle";
import type { Lines } from "./engine-log";
import type { Properties } from "./wire";

/** One call of the engine about one resource. */
export interface Call {
  /** The resource's name in the stack. */
  readonly name: string;
  readonly urn: string;
  readonly lines: Lines;
  /** Milliseconds that `customTimeouts` gives it. Default: the resource's own. */
  readonly timeoutMs?: number;
}

/** One mistake in the arguments. */
export interface Failure {
  /** The property, which the engine shows with its value; empty where that must not be. */
  readonly property: string;
  readonly reason: string;
}

/** The arguments as they go into the state, and what is wrong with them. */
export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly Failure[];
}

/** How a resource would change. */
export interface Difference {
  readonly changes: boolean;
  /** Properties whose change replaces the resource. Default: none. */
  readonly replaces?: readonly string[];
  /** What changes. Default: nothing that has a name. */
  readonly properties?: Differences;
}

/** By property path: `rotationTriggers.quarter`. */
export type Differences = Readonly<Record<string, PropertyDifference>>;

export interface PropertyDifference {
  readonly kind: "add" | "delete" | "update" | "replace";
  /** Whether it is between old and new inputs, or between the stored outputs and those that an update would give. */
  readonly in: "inputs" | "outputs";
}

/** A resource as it stands in the state. */
export interface Stored {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** What an operation leaves in the state. */
export interface Outcome {
  readonly id: string;
  readonly outputs: Properties;
}

/** The verbs of Pulumi for one type of resource. Deleting one does nothing, whichever type. */
export interface ResourceKind {
  check(call: Call, news: Properties): Checked;
  diff(call: Call, olds: Stored, news: Properties): Promise<Difference>;
  /** @param isPreview - Whether to say only what would come of it. */
  create(call: Call, inputs: Properties, isPreview: boolean): Promise<Outcome>;
  /** @returns `undefined` if it is gone. */
  read(call: Call, stored: Stored): Promise<Properties | undefined>;
  update(call: Call, olds: Stored, news: Properties, isPreview: boolean): Promise<Properties>;
}

/** An operation that failed, and yet has something that the state must not lose. */
export class KeptFailure extends Error {
  constructor(
    message: string,
    readonly kept: Outcome,
  ) {
    super(message);
  }
}

/** Returns how the core runs an operation of a call. */
export function operationOf({ lines, timeoutMs }: Call): OperationOptions {
  return { announce: lines.info, ...(timeoutMs !== undefined && { timeoutMs }) };
}
