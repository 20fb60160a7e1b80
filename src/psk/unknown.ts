/**
 * What Pulumi sends a dynamic provider in the place of a value that is known only after `up`, whatever its type.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The property in which the class says which other resource has the tunnel already; no input of the user's. */
export const CLAIMED_BY = "__claimedBy";

/** Whether a value is not known yet, or holds something that is not. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}
