import * as pulumi from "@pulumi/pulumi";
import type { Inputs } from "../../psk/inputs";
import { readState, type StoredState } from "../../psk/state";
import { UNKNOWN } from "../../psk/unknown";

/** Inputs as the provider would see them, and which triggers must not be shown. */
export interface PlainInputs {
  readonly inputs: Inputs;
  readonly secretTriggers: (trigger: string) => boolean;
}

/** Hooks get secrets as outputs and unknowns as objects; the rest of this package knows neither. */
export async function plainInputs(newInputs: Readonly<Record<string, unknown>>): Promise<PlainInputs> {
  const triggers = newInputs.rotationTriggers;
  return {
    inputs: (await plain(newInputs)) as Inputs,
    secretTriggers: (trigger) =>
      pulumi.Output.isInstance(triggers) ||
      pulumi.Output.isInstance((triggers as Readonly<Record<string, unknown>> | undefined)?.[trigger]),
  };
}

/** The state of a resource that exists; a resource that is created has none. */
export async function plainState(
  oldOutputs: Readonly<Record<string, unknown>> | undefined,
): Promise<StoredState | undefined> {
  return oldOutputs === undefined ? undefined : readState(await plain(oldOutputs));
}

/** A value with everything in it that is secret or unknown, as the provider would see it. */
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
