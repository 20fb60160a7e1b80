import { z } from "zod";
import { brokenRules, type CloudVpn, COMPATIBLE_WITH, titleOf, whyRejected } from "../cloud-vpns";
import type { InputProblem } from "../errors";
import { isTimestamp } from "../rfc3339";
import { isId } from "../tunnel";
import { flawOf, keyFlawOf } from "./pasted";
import { nameOf, pathOf, quote } from "./quote";
import { CLAIMED_BY, hasUnknown } from "./sentinels";

/** The checked arguments of a resource. In a preview any value may be {@link UNKNOWN}. */
export interface Inputs {
  readonly accountId: string;
  readonly ipsecTunnelId: string;
  readonly rotationTriggers?: Readonly<Record<string, string>>;
  readonly rotateAfterDays?: number;
  readonly rotateSpreadDays?: number;
  readonly onExternalRotation?: "regenerate" | "fail";
  /** The key to set; without it, Cloudflare generates one. */
  readonly psk?: string;
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

// The rule for a text, and what copying has left on one that breaks it.
const pasted = (form: string) => ({
  error: ({ input }: { readonly input?: unknown }) => {
    const flaw = typeof input === "string" ? flawOf(input) : undefined;
    return flaw === undefined ? form : `${form}; ${flaw}`;
  },
});
const id = (what: string) => {
  const form = pasted(`must be ${what}: 32 hexadecimal characters`);
  return z.string(form).refine(isId, form);
};
const keyForm = { error: "must be a string that is not empty" };
const key = z
  .string(keyForm)
  .min(1, keyForm)
  .superRefine((text, context) => {
    const flaw = keyFlawOf(text);
    if (flaw !== undefined) context.addIssue(`must be the key alone: ${flaw}`);
  });
const days = { error: "must be a whole number of days, 1 or more" };
const spread = { error: "must be a whole number of days, 0 or more" };
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
  rotateSpreadDays: z.number(spread).int(spread).min(0, spread).optional(),
  onExternalRotation: z.enum(["regenerate", "fail"], { error: 'must be "regenerate" or "fail"' }).optional(),
  psk: key.optional(),
  existingKey: z
    .strictObject(
      {
        psk: key,
        lastGeneratedOn: z.string(timestamp).refine(isTimestamp, timestamp),
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

// Which keys are good keys, another release may have judged otherwise.
const FORMS: typeof PROPERTIES = {
  ...PROPERTIES,
  psk: z.string().min(1).optional(),
  existingKey: z.object({ psk: z.string().min(1), lastGeneratedOn: z.string().refine(isTimestamp) }).optional(),
};

/** Lists the inputs that no release can have accepted. What is unknown is not judged. */
export function malformedInputs(inputs: Inputs): string[] {
  return Object.entries(FORMS).flatMap(([name, schema]) =>
    problemsOf(name, schema, inputs[name as keyof Inputs]).map(({ property }) => property),
  );
}

/**
 * Finds every mistake in a resource's arguments. What is unknown is not judged.
 *
 * @param args - As the program gave them; properties with a leading `__` are Pulumi's own, or {@link CLAIMED_BY}.
 */
export function checkInputs(args: Readonly<Record<string, unknown>>): InputProblem[] {
  const foreign = Object.keys(args).filter((name) => !Object.hasOwn(PROPERTIES, name) && !name.startsWith("__"));
  return [
    ...Object.entries(PROPERTIES).flatMap(([name, schema]) => problemsOf(name, schema, args[name])),
    ...incompatiblePsk(args),
    ...incompatibleExistingKey(args),
    ...otherExistingKey(args),
    ...tooWideSpread(args),
    ...secondClaim(args),
    ...foreign.map((name) => ({ property: nameOf(name), reason: "is not a property of IpsecTunnelPsk" })),
  ];
}

function secondClaim({ [CLAIMED_BY]: owner }: Readonly<Record<string, unknown>>): InputProblem[] {
  if (typeof owner !== "string" || hasUnknown(owner)) return [];
  const reason = `already belongs to IpsecTunnelPsk ${quote(owner)}: a tunnel has one key, and each resource would overwrite the key of the other`;
  return [{ property: "ipsecTunnelId", reason }];
}

type Args = Readonly<Record<string, unknown>>;

// No other key would be sent: this one must suit.
function incompatiblePsk(args: Args): InputProblem[] {
  const [psk, consumers] = [valid(args, "psk"), valid(args, "compatibleWith")];
  if (psk === undefined || consumers === undefined) return [];
  return consumers
    .filter((consumer) => brokenRules(psk, consumer).length > 0)
    .map((consumer) => {
      const rules = brokenRules(psk, consumer).map((rule) => `it ${rule}`);
      const title = titleOf(consumer);
      return {
        property: "psk",
        reason: `is not compatible with ${title}, which compatibleWith names: ${rules.join("; ")}`,
      };
    });
}

// It would be replaced immediately, although the program says to keep it.
function incompatibleExistingKey(args: Args): InputProblem[] {
  const key = valid(args, "existingKey");
  const consumers = valid(args, "compatibleWith");
  if (key === undefined || consumers === undefined) return [];
  return consumers
    .filter((consumer) => brokenRules(key.psk, consumer).length > 0)
    .map((consumer) => ({
      property: "existingKey.psk",
      reason: `is not compatible with ${titleOf(consumer)}, which compatibleWith names: leave one of the two out`,
    }));
}

function otherExistingKey(args: Args): InputProblem[] {
  const [psk, existing] = [valid(args, "psk"), valid(args, "existingKey")];
  if (psk === undefined || existing === undefined || existing.psk === psk) return [];
  const reason = "must be the same key as psk: remove existingKey to set psk, or psk to take over the existing key";
  return [{ property: "existingKey.psk", reason }];
}

function tooWideSpread(args: Args): InputProblem[] {
  const [spread, days] = [valid(args, "rotateSpreadDays"), valid(args, "rotateAfterDays")];
  if (spread === undefined || hasUnknown(args.rotateAfterDays)) return [];
  const isMissing = args.rotateAfterDays === undefined;
  if (!isMissing && (days === undefined || spread < days)) return [];
  return [
    {
      property: "rotateSpreadDays",
      reason: `must be less than rotateAfterDays${isMissing ? ", which is missing" : ""}`,
    },
  ];
}

/** Returns the value of a property that is given, known and valid. */
function valid<Name extends keyof Inputs>(args: Args, property: Name): Inputs[Name] | undefined {
  return hasUnknown(args[property]) ? undefined : (PROPERTIES[property].safeParse(args[property]).data as Inputs[Name]);
}

function problemsOf(name: string, schema: z.ZodType, value: unknown): InputProblem[] {
  if (hasUnknown(value)) return [];
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => ({
    property: path.map(String).reduce(pathOf, name),
    reason: value === undefined ? `is required: it ${message}` : message,
  }));
}
