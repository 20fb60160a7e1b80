/** What a device makes of a configuration. */
export interface Reading {
  readonly name: string;
  readonly psk: string;
  readonly identity: { readonly type: "fqdn" | "userFqdn" | "keyId"; readonly value: string };
}

/** What a device would negotiate with; proposals in strongSwan's words, so that strongSwan can play the device. */
export interface Connection extends Reading {
  /** `undefined`: whichever of its own the device likes. */
  readonly localAddress: string | undefined;
  readonly remoteAddress: string;
  /** What the peer has to call itself; `undefined`: anything. */
  readonly remoteId: string | undefined;
  /** Whether the device starts the tunnel. */
  readonly initiates: boolean;
  readonly ike: Suite;
  readonly esp: Suite;
}

export interface Suite {
  /** For example "aes256-sha256-ecp384"; the group of a Child SA is that of perfect forward secrecy. */
  readonly proposal: string;
  readonly lifetimeSeconds: number;
}

/** @see https://www.iana.org/assignments/ikev2-parameters/ikev2-parameters.xhtml#ikev2-parameters-8 */
const GROUPS: Readonly<Record<string, string>> = { 2: "modp1024", 5: "modp1536", 14: "modp2048", 20: "ecp384" };

/** A proposal of strongSwan's. `group` is a number, with whatever the vendor writes in front of it. */
export function proposalOf(algorithms: string, group: string | undefined): string {
  if (group === undefined) return algorithms;
  const keyword = GROUPS[group.replace(/^\D*/, "")];
  if (keyword === undefined) throw new Error("Not a known Diffie-Hellman group");
  return `${algorithms}-${keyword}`;
}

/** Translates a vendor's word, which the pattern has to match as a whole. */
export function translated(word: string, pattern: RegExp, translation: string): string {
  if (!pattern.test(word)) throw new Error("Not a known algorithm");
  return word.replace(pattern, translation);
}

/** The one value that a configuration must have. */
export function only<Value>(values: readonly Value[], what: string): Value {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0) throw new Error(`Expected one ${what}, not ${values.length}`);
  return value;
}
