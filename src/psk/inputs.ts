import { z } from "zod";
import { COMPATIBLE_WITH, whyRejected } from "../cloud-vpns";
import type { InputProblem } from "../errors";
import type { TunnelRef } from "../tunnel";
import { digits, id, key, name, storedKey, timestamp, wholeDays } from "./input-forms";
import { pathOf, quote } from "./quote";
import { hasUnknown } from "./sentinels";

/**
 * The checked arguments of a resource. In a preview any value may be {@link UNKNOWN}.
 *
 * An input is declared here, once: the arguments of TypeScript programs, the plugin's schema and the table in docs/reference.md
 * come from these types and comments. `@change` completes "A change …".
 */
export interface Inputs {
  /**
   * The Cloudflare account: 32 hexadecimal characters.
   *
   * @change replaces the resource
   */
  readonly accountId: string;
  /**
   * The IPsec tunnel by its ID: 32 hexadecimal characters. Use it for tunnels that Pulumi does not create: the `id` of a
   * `cloudflare.MagicWanIpsecTunnel` is the ID of the account. Do not set `psk` on that resource.
   *
   * @change replaces the resource if it is another tunnel: that one gets a key, and the old one keeps its own
   * @default the tunnel is named by `ipsecTunnelName`
   */
  readonly ipsecTunnelId?: string;
  /**
   * The IPsec tunnel by its name in the account, instead of its ID: the `name` of a `cloudflare.MagicWanIpsecTunnel`. Upper and
   * lower case differ. The output `ipsecTunnelId` is the ID that Cloudflare's list shows for it.
   *
   * @change replaces the resource if it is another tunnel; a tunnel that was renamed keeps its key
   * @default the tunnel is named by `ipsecTunnelId`
   */
  readonly ipsecTunnelName?: string;
  /**
   * When the tunnel of that name was created, RFC 3339, UTC: the `createdOn` of a `cloudflare.MagicWanIpsecTunnel`. It pins the
   * name: a tunnel that was deleted and created again under its name is another tunnel. Compared to the second.
   *
   * @change replaces the resource if it is another tunnel
   * @default none: the name alone identifies the tunnel, and the drift check notices one that was created again
   */
  readonly ipsecTunnelCreatedOn?: string;
  /**
   * Any strings. The state and previews show them in plain text, unless you make them secret.
   *
   * @change generates a new key in place; so does a trigger that is added or removed
   * @default none: no trigger causes a rotation
   */
  readonly rotationTriggers?: Readonly<Record<string, string>>;
  /**
   * Whole days, 1 or more: the next `up` replaces a key of that age. The age is today's UTC date minus
   * the UTC date of `lastGeneratedOn`. Nothing rotates between runs.
   *
   * @change generates a new key at the next `up` if the key is that old
   * @default none: a key never becomes too old
   * @see [Age](../../docs/reference.md#age)
   */
  readonly rotateAfterDays?: number;
  /**
   * Whole days, 0 or more and less than `rotateAfterDays`: a key comes due up to this many days earlier, always the same number
   * of days for one tunnel, so that keys from one `up` do not all come due in another one.
   *
   * @change generates a new key at the next `up` if the key is that old
   * @default 0
   * @see [Spread](../../docs/reference.md#spread)
   */
  readonly rotateSpreadDays?: number;
  /**
   * What to do when someone else rotated the key: with `"regenerate"`, the next `up` generates a new one, or sets `psk` again;
   * with `"fail"`, previews and updates fail, and send nothing, until you decide.
   *
   * @change generates nothing
   * @default "regenerate"
   */
  readonly onExternalRotation?: "regenerate" | "fail";
  /**
   * The key to set, instead of one that Cloudflare generates; made secret. White space or quotes around it are refused, not removed.
   * So are characters that no key has, and a reference that nothing has resolved. A key that can be guessed causes a warning.
   * Several resources may have the same one, each for its own tunnel. It is not established that setting a key moves the tunnel's timestamp: a key that did not is never `active`.
   *
   * @change sets the key in place; a removal generates one
   * @default none: Cloudflare generates the key
   * @see [Generate the key or set one of yours](../../docs/deliver-to-cloud-vpns.md#generate-the-key-or-set-one-of-yours)
   * @see [A key that can be guessed](../../docs/deliver-to-cloud-vpns.md#a-key-that-can-be-guessed)
   * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/methods/psk_set/
   */
  readonly psk?: string;
  /**
   * Takes over a key that is already active, `{ psk, lastGeneratedOn }`, instead of generating one. With the input `psk`, both must
   * be the same key. `lastGeneratedOn` is the timestamp that Cloudflare shows for it, in full or in whole seconds, and is compared
   * with the edge's. Each timestamp is taken over once.
   *
   * @change takes that key over, once, and generates nothing
   * @default none: a key is generated
   */
  readonly existingKey?: ExistingKey;
  /**
   * Cloud VPNs that must accept the key, `"aws"` and `"azure"`: it is regenerated until they do, at most 8 times, before any
   * dependent resource receives one. Each of them accepts about half of the keys. If you give
   * `psk`, it is checked in the preview, and refused before anything is sent.
   *
   * @change generates a new key if they do not accept the stored one
   * @default none: the first key is kept
   * @see [Check that the cloud accepts the key](../../docs/deliver-to-cloud-vpns.md#check-that-the-cloud-accepts-the-key)
   */
  readonly compatibleWith?: readonly ("aws" | "azure")[];
  /**
   * The short number in the tunnel's IKE identities, as a string of digits; needed only if Cloudflare sends no
   * `ipsec_id`. It is not the account ID.
   *
   * @change generates nothing
   * @default from `ipsecId`
   */
  readonly conduitId?: string;
  /**
   * Whether a preview asks Cloudflare (with `validate_only`) if it would accept the generation.
   *
   * @change generates nothing
   * @default true
   */
  readonly validateInPreview?: boolean;
}

/** Arguments whose tunnel has been found. In a preview, the ID may be {@link UNKNOWN} if the program gives it. */
export type ResolvedInputs = Inputs & TunnelRef;

/** A key that is already active. */
export interface ExistingKey {
  /** The key alone; made secret. White space or quotes around it, and characters that no key has, are refused, not removed. */
  readonly psk: string;
  /** RFC 3339, UTC, as Cloudflare shows it in `psk_metadata.last_generated_on`. */
  readonly lastGeneratedOn: string;
}

interface Input<Value> {
  readonly schema: z.ZodType<Value>;
  /** What every release accepts, if another release may have accepted more than `schema` does. */
  readonly storedSchema?: z.ZodType<Value>;
  /** Whether an error may show the value: it holds no key, and nothing else that a program may keep secret. */
  readonly isShowable: boolean;
}

const INPUTS: { readonly [Name in keyof Required<Inputs>]: Input<Inputs[Name]> } = {
  accountId: { schema: id("a Cloudflare account ID"), isShowable: true },
  ipsecTunnelId: { schema: id("the ID of an IPsec tunnel").optional(), isShowable: true },
  ipsecTunnelName: { schema: name("the name of an IPsec tunnel").optional(), isShowable: true },
  ipsecTunnelCreatedOn: { schema: timestamp().optional(), isShowable: true },
  rotationTriggers: {
    schema: z
      .record(z.string().min(1), z.string({ error: "must be a string" }), {
        // Pulumi's engine accepts a trigger without a name, and then fails at every change to it.
        error: ({ code }) =>
          code === "invalid_key" ? "must have a name: an empty one is not allowed" : "must be a map of strings",
      })
      .optional(),
    isShowable: false,
  },
  rotateAfterDays: { schema: wholeDays(1).optional(), isShowable: true },
  rotateSpreadDays: { schema: wholeDays(0).optional(), isShowable: true },
  onExternalRotation: {
    schema: z.enum(["regenerate", "fail"], { error: 'must be "regenerate" or "fail"' }).optional(),
    isShowable: true,
  },
  psk: { schema: key().optional(), storedSchema: storedKey().optional(), isShowable: false },
  existingKey: {
    schema: z
      .strictObject(
        { psk: key(), lastGeneratedOn: timestamp() },
        {
          error: (issue) =>
            issue.code === "unrecognized_keys"
              ? `must be { psk, lastGeneratedOn }, without ${issue.keys.map(quote).join(" and ")}`
              : "must be { psk, lastGeneratedOn }",
        },
      )
      .optional(),
    storedSchema: z.object({ psk: storedKey(), lastGeneratedOn: timestamp() }).optional(),
    isShowable: false,
  },
  compatibleWith: {
    schema: z
      .array(
        z.enum(COMPATIBLE_WITH, {
          error: ({ input }) =>
            `must be "aws" or "azure"; ${whyRejected(input) ?? "checkPsk checks a key for other routers and clouds"}`,
        }),
        { error: 'must be a list of "aws" and "azure"' },
      )
      .optional(),
    isShowable: true,
  },
  conduitId: {
    schema: digits("must be the short number in the tunnel's IKE identities, as a string of digits").optional(),
    isShowable: true,
  },
  validateInPreview: { schema: z.boolean({ error: "must be true or false" }).optional(), isShowable: true },
};

export const INPUT_NAMES = Object.keys(INPUTS) as readonly (keyof Inputs)[];

/** The inputs whose values an error may show. */
export const SHOWABLE_INPUTS: ReadonlySet<string> = new Set(INPUT_NAMES.filter((name) => INPUTS[name].isShowable));

/** Finds the mistakes in the value of one input, apart from the others. What is unknown is not judged. */
export function inputProblems(name: keyof Inputs, value: unknown): InputProblem[] {
  return problemsOf(name, INPUTS[name].schema, value);
}

/** Lists the inputs that no release can have accepted. What is unknown is not judged. */
export function malformedInputs(inputs: Inputs): string[] {
  const isNamed = inputs.ipsecTunnelId !== undefined || inputs.ipsecTunnelName !== undefined;
  return INPUT_NAMES.flatMap((name) => {
    const { schema, storedSchema = schema } = INPUTS[name];
    return problemsOf(name, storedSchema, inputs[name]).map(({ property }) => property);
  }).concat(isNamed ? [] : "ipsecTunnelId");
}

/** Returns the value of an input that is given, known and valid. */
export function validInput<Name extends keyof Inputs>(
  args: Readonly<Record<string, unknown>>,
  name: Name,
): Inputs[Name] | undefined {
  const { schema }: Input<Inputs[Name]> = INPUTS[name];
  return hasUnknown(args[name]) ? undefined : schema.safeParse(args[name]).data;
}

function problemsOf(name: string, schema: z.ZodType, value: unknown): InputProblem[] {
  if (hasUnknown(value)) return [];
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => ({
    property: path.map(String).reduce(pathOf, name),
    reason: value === undefined ? `is required: it ${message}` : message,
  }));
}
