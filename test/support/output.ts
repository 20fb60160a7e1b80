import type * as pulumi from "@pulumi/pulumi";

// Pulumi's own, but not in its typings.
interface Inside {
  promise(): Promise<unknown>;
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
}

/** What an output came to. `value` is `undefined` where it is not known. Rejects as the output does. */
export async function settled(output: pulumi.Output<unknown>) {
  const { isKnown, isSecret } = output as unknown as Inside;
  const [value, known, secret] = await Promise.all([(output as unknown as Inside).promise(), isKnown, isSecret]);
  return { value, known, secret };
}
