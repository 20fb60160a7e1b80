import * as pulumi from "@pulumi/pulumi";
import type { Inputs } from "../psk/inputs";
import type { Secrecy } from "../psk/reason-text";
import { readState, type StoredState } from "../psk/state";
import { UNKNOWN } from "../psk/sentinels";

type Properties = Readonly<Record<string, unknown>>;

/** What a hook learns about a resource, as the engine holds it. */
export interface HookValues {
  readonly newInputs?: Properties;
  readonly oldInputs?: Properties;
  readonly oldOutputs?: Properties;
}

/** Returns the inputs as the provider would receive them: hooks get secrets as outputs and unknowns as objects. */
export async function plainInputs(newInputs: Properties = {}): Promise<Inputs> {
  return (await plain(newInputs)) as Inputs;
}

/** Tells which values must not be shown: those that are secret on any side of the diff, by themselves or as part of a whole. */
export function secrecyOf({ newInputs, oldInputs, oldOutputs }: HookValues): Secrecy {
  const sides = [newInputs, oldInputs, oldOutputs];
  return (property, key) =>
    sides.some((side) => {
      const whole = side?.[property];
      const part = key === undefined ? undefined : (whole as Properties | undefined)?.[key];
      return pulumi.Output.isInstance(whole) || pulumi.Output.isInstance(part);
    });
}

/** Returns the state of a resource that exists; a resource that is created has none. */
export async function plainState(oldOutputs: Properties | undefined): Promise<StoredState | undefined> {
  return oldOutputs === undefined ? undefined : readState(await plain(oldOutputs));
}

/** Returns a value, and what is secret or unknown in it, as the provider would receive it. */
export async function plain(value: unknown): Promise<unknown> {
  if (pulumi.isUnknown(value)) return UNKNOWN;
  if (pulumi.Output.isInstance(value)) return plain(await valueOf(value));
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([key, entry]) => [key, await plain(entry)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

// The second parameter, which Pulumi's types leave out, is what makes an unknown value arrive at all.
interface WithUnknowns {
  apply(run: (value: unknown) => void, runWithUnknowns: true): void;
}

function valueOf(output: pulumi.Output<unknown>): Promise<unknown> {
  return new Promise((resolve) => {
    (output as unknown as WithUnknowns).apply(resolve, true);
  });
}
