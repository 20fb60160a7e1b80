/** What a router reads from a configuration. */
export interface Reading {
  readonly name: string;
  readonly psk: string;
  readonly identity: { readonly type: "fqdn" | "userFqdn" | "keyId"; readonly value: string };
}

/** What a router would negotiate with; proposals in strongSwan's words, so that strongSwan can act as the router. */
export interface Connection extends Reading {
  /** `undefined`: any address of the router. */
  readonly localAddress: string | undefined;
  readonly remoteAddress: string;
  /** How the peer must identify itself; `undefined`: in any way. */
  readonly remoteId: string | undefined;
  /** Whether the router starts the tunnel. */
  readonly initiates: boolean;
  /** Whether the IKE SA comes first, and each Child SA has a key exchange of its own. */
  readonly isChildless?: boolean;
  readonly ike: Suite;
  readonly esp: Suite;
}

export interface Suite {
  /** For example "aes256-sha256-ecp384-ke1_mlkem768"; the group of a Child SA is that of perfect forward secrecy. */
  readonly proposal: string;
  readonly lifetimeSeconds: number;
}

/** @see https://www.iana.org/assignments/ikev2-parameters/ikev2-parameters.xhtml#ikev2-parameters-8 */
const GROUPS: Readonly<Record<string, string>> = { 2: "modp1024", 5: "modp1536", 14: "modp2048", 20: "ecp384" };

/** Writes a proposal in strongSwan's words. `group` is a number, after any letters that the vendor writes before it. */
export function proposalOf(algorithms: string, group: string | undefined): string {
  if (group === undefined) return algorithms;
  const keyword = GROUPS[group.replace(/^\D*/, "")];
  if (keyword === undefined) throw new Error("Not a known Diffie-Hellman group");
  return `${algorithms}-${keyword}`;
}

/** Key exchanges by their transform IDs. */
const KEY_EXCHANGES: Readonly<Record<string, string>> = { 0: "none", 36: "mlkem768", 37: "mlkem1024" };

/** Adds what RFC 9370 calls additional key exchange 1 to a proposal: the transform IDs that it may be. */
export function withKeyExchange(proposal: string, transformIds: readonly string[]): string {
  const keywords = transformIds.map((id) => {
    const keyword = KEY_EXCHANGES[id];
    if (keyword === undefined) throw new Error("Not a known key exchange");
    return `-ke1_${keyword}`;
  });
  return [proposal, ...keywords].join("");
}

/** Translates a vendor's word, which the pattern must match as a whole. */
export function translated(word: string, pattern: RegExp, translation: string): string {
  if (!pattern.test(word)) throw new Error("Not a known algorithm");
  return word.replace(pattern, translation);
}

/** Returns the one value that a configuration must have. */
export function only<Value>(values: readonly Value[], what: string): Value {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0) throw new Error(`Expected one ${what}, not ${values.length}`);
  return value;
}
