import type { InputProblem } from "../errors";
import { given } from "../given";
import type { OperationOptions } from "../psk/lifecycle";
import type { Lines } from "./engine-log";
import type { Properties } from "./wire";

/** One call of the engine about one resource. */
export interface Call {
  /** The resource's name in the stack. */
  readonly name: string;
  readonly urn: string;
  /** The ID in the state. Default: the call concerns no resource of the state. */
  readonly id?: string;
  readonly lines: Lines;
  /** Milliseconds that `customTimeouts` allows. Default: `operationTimeoutMs`. */
  readonly timeoutMs?: number;
}

/** The arguments as they go into the state, and what is wrong with them. */
export interface Checked {
  readonly inputs: Properties;
  /** The engine shows the value of a property that is named: it is empty if the value must not be shown. */
  readonly failures: readonly InputProblem[];
}

/** How a resource would change. */
export interface Difference {
  readonly changes: boolean;
  /** Properties whose change replaces the resource. Default: none. */
  readonly replaces?: readonly string[];
  /** The properties that change. Default: none is named. */
  readonly properties?: Differences;
}

/** Differences by property path, such as `rotationTriggers.quarter`. */
export type Differences = Readonly<Record<string, PropertyDifference>>;

export interface PropertyDifference {
  readonly kind: "add" | "delete" | "update" | "replace";
  /** Whether it is between old and new inputs, or between the stored outputs and those that an update would give. */
  readonly in: "inputs" | "outputs";
}

/** A resource as the state has it. */
export interface Stored {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** What an operation leaves in the state. */
export interface Outcome {
  readonly id: string;
  readonly outputs: Properties;
}

/** Pulumi's verbs for one type of resource. There is no `delete`, because it does nothing for any type. */
export interface ResourceKind {
  check(call: Call, news: Properties): Checked;
  /** Returns arguments with every key in them marked as secret. */
  marked(inputs: Properties): Properties;
  diff(call: Call, olds: Stored, news: Properties): Promise<Difference>;
  /** @param isPreview - Whether to return only the outputs to expect, and change nothing. */
  create(call: Call, inputs: Properties, isPreview: boolean): Promise<Outcome>;
  /** @returns `undefined` if it is gone. */
  read(call: Call, stored: Stored): Promise<Properties | undefined>;
  update(call: Call, olds: Stored, news: Properties, isPreview: boolean): Promise<Properties>;
}

/** Returns the options with which the core runs the operation of a call. */
export function operationOf({ lines, id, timeoutMs }: Call): OperationOptions {
  return { announce: lines.info, ...given({ id, timeoutMs }) };
}
