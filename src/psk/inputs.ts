import { z } from "zod";
import { hasUnknown } from "./unknown";

/** The checked arguments of a resource. In a preview any value may be {@link UNKNOWN}. */
export interface Inputs {
  readonly accountId: string;
  readonly ipsecTunnelId: string;
  readonly rotationTriggers?: Readonly<Record<string, string>>;
  readonly preflight?: boolean;
}

/** One mistake in the arguments: which property, and what about it. Never its value, which may be secret. */
export interface InputProblem {
  readonly property: string;
  readonly reason: string;
}

const id = (what: string) =>
  z
    .string({ error: `must be ${what}: 32 hexadecimal characters` })
    .regex(/^[0-9a-f]{32}$/i, { error: `must be ${what}: 32 hexadecimal characters` });

const PROPERTIES: Readonly<Record<keyof Inputs, z.ZodType>> = {
  accountId: id("a Cloudflare account id"),
  ipsecTunnelId: id("the id of an IPsec tunnel"),
  rotationTriggers: z
    .record(z.string(), z.string({ error: "must be a string" }), { error: "must be a map of strings" })
    .optional(),
  preflight: z.boolean({ error: "must be true or false" }).optional(),
};

/**
 * Finds every mistake in a resource's arguments. What is not known yet is not judged.
 *
 * @param args - As the program gave them; properties with a leading `__` are Pulumi's own.
 */
export function checkInputs(args: Readonly<Record<string, unknown>>): InputProblem[] {
  const foreign = Object.keys(args).filter((name) => !Object.hasOwn(PROPERTIES, name) && !name.startsWith("__"));
  return [
    ...Object.entries(PROPERTIES).flatMap(([name, schema]) => problemsOf(name, schema, args[name])),
    ...foreign.map((property) => ({ property, reason: "is not a property of IpsecTunnelPsk" })),
  ];
}

function problemsOf(name: string, schema: z.ZodType, value: unknown): InputProblem[] {
  if (hasUnknown(value)) return [];
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => ({
    property: [name, ...path.map(String)].join("."),
    reason: value === undefined ? `is required: it ${message}` : message,
  }));
}
