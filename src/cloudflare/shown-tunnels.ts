/** What responses show of tunnels: strict in what decides about a key, lenient in the rest. */
import { z } from "zod";
import { given } from "../given";
import { isTimestamp } from "../rfc3339";
import { canonicalId, isId, type ListedTunnel } from "../tunnel";

/** What a list shows of an account's tunnels. */
export interface TunnelList {
  /** Those whose entry can be read. A list may lag behind, and lack some. */
  readonly tunnels: readonly IpsecTunnel[];
  /** By what programs name tunnels, of these and of others whose entry is odd in another place. */
  readonly named: readonly ListedTunnel[];
  /** What is wrong with the entries of others, by ID in lower case: "its timestamp is …". */
  readonly unreadable: ReadonlyMap<string, string>;
  /** What the response has in place of a list, which then counts as empty: "null". */
  readonly insteadOfList?: string;
}

/** What a read shows of a tunnel, as far as this package needs it. */
export interface IpsecTunnel extends ListedTunnel {
  /** RFC 3339, UTC, rounded to microseconds; absent if the tunnel has no key. */
  readonly lastGeneratedOn?: string;
}

const tunnelId = z.string().refine(isId, { error: "it is not an ID" }).transform(canonicalId);
const optionalText = z.string().optional().catch(undefined);
/** Empty or missing: the tunnel has no key. A time that cannot be read must not count as that. */
export const pskMetadata = z
  .object({
    last_generated_on: z
      .string()
      .refine((text) => text === "" || isTimestamp(text), { error: "it is not an RFC 3339 timestamp" })
      .nullish(),
  })
  .nullish();
// By these a program may name a tunnel. One without them can still be named by its ID.
const namingSchema = { name: optionalText, created_on: optionalText.transform(timestampOrNone) };
const namedSchema = z.object({ id: tunnelId, ...namingSchema });
const tunnelSchema = z.object({ id: tunnelId, ...namingSchema, psk_metadata: pskMetadata });
export const foundSchema = z.object({ ipsec_tunnel: tunnelSchema });
const unreadableSchema = z.object({
  id: tunnelId,
  psk_metadata: z.object({ last_generated_on: z.unknown() }).catch({ last_generated_on: undefined }),
});
export const listSchema = z
  .object({ ipsec_tunnels: z.unknown() })
  .catch({ ipsec_tunnels: undefined })
  .transform(({ ipsec_tunnels }) => toList(ipsec_tunnels));

// A list that is null counts as empty. An entry that cannot be read is left out, and a read of that tunnel tells more.
function toList(entries: unknown): TunnelList {
  if (!Array.isArray(entries)) {
    const insteadOfList = entries === undefined ? "missing" : entries === null ? "null" : `a ${typeof entries}`;
    return { tunnels: [], named: [], unreadable: new Map(), insteadOfList };
  }
  const read = entries.map((entry: unknown) => tunnelSchema.safeParse(entry).data);
  const unreadable = entries
    .filter((_entry, index) => read[index] === undefined)
    .flatMap((entry: unknown) => unreadableSchema.safeParse(entry).data ?? [])
    .map(({ id, psk_metadata }) => [id, whatIs(psk_metadata.last_generated_on)] as const);
  const named = entries.flatMap((entry: unknown) => namedSchema.safeParse(entry).data ?? []);
  const tunnels = read.filter((tunnel) => tunnel !== undefined).map(toIpsecTunnel);
  return { tunnels, named: named.map(toListedTunnel), unreadable: new Map(unreadable) };
}

/** Says what stands for a timestamp that cannot be read; quotes only what resembles one. */
function whatIs(timestamp: unknown): string {
  if (typeof timestamp === "number") return "its timestamp is a number";
  if (typeof timestamp !== "string" || !/^\d{4}-?\d\d-?\d\d[\dTZ :.,+-]{0,30}$/i.test(timestamp))
    return "its timestamp cannot be read";
  return `its timestamp is "${timestamp}", which is not in the form of RFC 3339`;
}

/** Looks up a tunnel in a list. */
export function findListed(tunnels: readonly IpsecTunnel[], ipsecTunnelId: string): IpsecTunnel | undefined {
  return tunnels.find(({ id }) => id === ipsecTunnelId);
}

/** Returns a tunnel as this package needs it. */
export function toIpsecTunnel({ psk_metadata, ...named }: z.infer<typeof tunnelSchema>): IpsecTunnel {
  return { ...toListedTunnel(named), ...timeIn(psk_metadata) };
}

function toListedTunnel({ id, name, created_on: createdOn }: z.infer<typeof namedSchema>): ListedTunnel {
  return { id, ...given({ name, createdOn }) };
}

function timestampOrNone(text: string | undefined): string | undefined {
  return text !== undefined && isTimestamp(text) ? text : undefined;
}

/** Returns the timestamp of a tunnel's key, if it has one. */
export function timeIn(metadata: z.infer<typeof pskMetadata>): Pick<IpsecTunnel, "lastGeneratedOn"> {
  const lastGeneratedOn = metadata?.last_generated_on ?? "";
  return lastGeneratedOn === "" ? {} : { lastGeneratedOn };
}
