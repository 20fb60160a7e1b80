import { z } from "zod";
import { type CloudVpn, COMPATIBLE_WITH, mistakesFor, titleOf, whyRejected } from "../cloud-vpns";
import { flawOf, keyFlawOf } from "./pasted";
import { nameOf, pathOf, quote } from "./quote";
import { instantMs } from "./timestamp";
import { CLAIMED_BY, hasUnknown } from "./sentinels";

/** The checked arguments of a resource. In a preview any value may be {@link UNKNOWN}. */
export interface Inputs {
  readonly accountId: string;
  readonly ipsecTunnelId: string;
  readonly rotationTriggers?: Readonly<Record<string, string>>;
  readonly rotateAfterDays?: number;
  readonly onExternalRotation?: "regenerate" | "fail";
  readonly existingKey?: ExistingKey;
  readonly compatibleWith?: readonly CloudVpn[];
  readonly conduitId?: string;
  readonly validateInPreview?: boolean;
}

/** A key that is already active, and when Cloudflare generated it. */
export interface ExistingKey {
  readonly psk: string;
  readonly lastGeneratedOn: string;
}

/** One mistake in the arguments: which property, and what about it. Never its value, which may be secret. */
export interface InputProblem {
  readonly property: string;
  readonly reason: string;
}

// The rule for a text, and what copying has left on one that breaks it.
const pasted = (form: string) => ({
  error: ({ input }: { readonly input?: unknown }) => {
    const flaw = typeof input === "string" ? flawOf(input) : undefined;
    return flaw === undefined ? form : `${form}; ${flaw}`;
  },
});
const id = (what: string) => {
  const form = pasted(`must be ${what}: 32 hexadecimal characters`);
  return z.string(form).regex(/^[0-9a-f]{32}$/i, form);
};
const key = { error: "must be the key" };
const days = { error: "must be a whole number of days, 1 or more" };
const timestamp = pasted('must be the timestamp that Cloudflare shows, as in "2026-11-23T08:15:00.123456Z"');
const consumers = { error: 'must be a list of "aws" and "azure"' };
const consumer = {
  error: ({ input }: { readonly input?: unknown }) =>
    `must be "aws" or "azure"; ${whyRejected(input) ?? "checkPsk checks a key for other routers and clouds"}`,
};
// Pulumi's engine accepts such a key, and then fails at every change to it.
const namelessTrigger = "must have a name: an empty one is not allowed";
const conduit = pasted("must be the short number in the tunnel's IKE identities, as a string of digits");

const PROPERTIES: Readonly<Record<keyof Inputs, z.ZodType>> = {
  accountId: id("a Cloudflare account ID"),
  ipsecTunnelId: id("the ID of an IPsec tunnel"),
  rotationTriggers: z
    .record(z.string().min(1), z.string({ error: "must be a string" }), {
      error: ({ code }) => (code === "invalid_key" ? namelessTrigger : "must be a map of strings"),
    })
    .optional(),
  rotateAfterDays: z.number(days).int(days).min(1, days).optional(),
  onExternalRotation: z.enum(["regenerate", "fail"], { error: 'must be "regenerate" or "fail"' }).optional(),
  existingKey: z
    .strictObject(
      {
        psk: z
          .string(key)
          .min(1, key)
          .superRefine((text, context) => {
            const flaw = keyFlawOf(text);
            if (flaw !== undefined) context.addIssue(`must be the key alone: ${flaw}`);
          }),
        lastGeneratedOn: z.string(timestamp).refine((text) => !Number.isNaN(instantMs(text)), timestamp),
      },
      {
        error: (issue) =>
          issue.code === "unrecognized_keys"
            ? `must be { psk, lastGeneratedOn }, without ${issue.keys.map(quote).join(" and ")}`
            : "must be { psk, lastGeneratedOn }",
      },
    )
    .optional(),
  compatibleWith: z.array(z.enum(COMPATIBLE_WITH, consumer), consumers).optional(),
  conduitId: z.string(conduit).regex(/^\d+$/, conduit).optional(),
  validateInPreview: z.boolean({ error: "must be true or false" }).optional(),
};

/**
 * Finds every mistake in a resource's arguments. What is unknown is not judged.
 *
 * @param args - As the program gave them; properties with a leading `__` are Pulumi's own, or {@link CLAIMED_BY}.
 */
export function checkInputs(args: Readonly<Record<string, unknown>>): InputProblem[] {
  const foreign = Object.keys(args).filter((name) => !Object.hasOwn(PROPERTIES, name) && !name.startsWith("__"));
  return [
    ...Object.entries(PROPERTIES).flatMap(([name, schema]) => problemsOf(name, schema, args[name])),
    ...incompatibleExistingKey(args),
    ...secondClaim(args),
    ...foreign.map((name) => ({ property: nameOf(name), reason: "is not a property of IpsecTunnelPsk" })),
  ];
}

function secondClaim({ [CLAIMED_BY]: owner }: Readonly<Record<string, unknown>>): InputProblem[] {
  if (typeof owner !== "string" || hasUnknown(owner)) return [];
  const reason = `already belongs to IpsecTunnelPsk ${quote(owner)}: a tunnel has one key, and each resource would overwrite the key of the other`;
  return [{ property: "ipsecTunnelId", reason }];
}

// It would be replaced immediately, although the program says to keep it.
function incompatibleExistingKey({ existingKey, compatibleWith }: Readonly<Record<string, unknown>>): InputProblem[] {
  const key = PROPERTIES.existingKey.safeParse(existingKey).data as ExistingKey | undefined;
  const consumers = PROPERTIES.compatibleWith.safeParse(compatibleWith).data as readonly CloudVpn[] | undefined;
  if (key === undefined || consumers === undefined || hasUnknown(key)) return [];
  return consumers
    .filter((consumer) => mistakesFor(key.psk, consumer).length > 0)
    .map((consumer) => ({
      property: "existingKey.psk",
      reason: `is not compatible with ${titleOf(consumer)}, which compatibleWith names: leave one of the two out`,
    }));
}

function problemsOf(name: string, schema: z.ZodType, value: unknown): InputProblem[] {
  if (hasUnknown(value)) return [];
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => ({
    property: path.map(String).reduce(pathOf, name),
    reason: value === undefined ? `is required: it ${message}` : message,
  }));
}
