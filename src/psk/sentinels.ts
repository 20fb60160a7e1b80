/**
 * What Pulumi sends a dynamic provider in place of a value of any type that is known only after `up`.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Tells whether a value is unknown, or holds one that is. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

/** The property in which the class names another resource that has claimed the tunnel; not an input of the user. */
export const CLAIMED_BY = "__claimedBy";

/** The property in which the class passes the account of the tunnel that the program gives, beside an account; not an input either. */
export const ACCOUNT_OF_TUNNEL = "__accountIdOfTunnel";

/**
 * How the engine marks a secret on the wire: an object with this key, this value, and the secret as its `value`.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go
 */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** How it marks a whole resource that a program passes as a value: an object with {@link SIGNATURE} and this, `urn` and `id`. */
export const RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";
