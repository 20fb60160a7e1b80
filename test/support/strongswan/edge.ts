import type { Build } from "./build";
import { type Daemon, startDaemon } from "./daemon";
import { type IkeSa, listSas } from "./security-associations";

/** The IKE identity of a gateway. */
export interface Identity {
  readonly type: "fqdn" | "userFqdn" | "keyId";
  readonly value: string;
}

export interface EdgeOptions {
  /** The anycast addresses, each an IPv4 address. */
  readonly addresses: readonly string[];
  /** IPv4 addresses behind the edge, for pings through a tunnel. */
  readonly inside: readonly string[];
  /** @default the machine's own strongSwan */
  readonly build?: Build;
}

/** One tunnel, as Cloudflare has it. */
export interface EdgeTunnel {
  readonly name: string;
  /** The edge's address at which it ends. */
  readonly address: string;
  /** Tells the edge which gateway it is, and which key to use. */
  readonly identity: Identity;
  /** Used byte by byte. */
  readonly key: string;
  /**
   * The networks behind the gateway. With several gateways each needs its own, or the edge replies to all through one.
   * @default everything, as at Cloudflare
   */
  readonly networks?: readonly string[];
  /**
   * What it accepts of IKE: Diffie-Hellman alone, group 20 with ML-KEM alone, or either, as Cloudflare does.
   * @default "classical", which is all that strongSwan 5 has
   */
  readonly keyExchange?: keyof typeof IKE_PROPOSALS;
}

/** A responder that offers what Cloudflare documents, and never initiates. */
export interface Edge extends Daemon {
  readonly addresses: readonly string[];
  /** The source of the edge's pings. */
  readonly inside: string;
  /** Adds a tunnel, or replaces the one of that name. Established tunnels stay up. */
  serve(tunnel: EdgeTunnel): Promise<void>;
  /** Does what a rotation at Cloudflare does: established tunnels stay up, and the next authentication needs the new key. */
  setKey(name: string, key: string): Promise<void>;
  /** Removes a tunnel and its key. Established tunnels stay up. */
  remove(name: string): Promise<void>;
  sas(): Promise<IkeSa[]>;
}

const GROUPS = "ecp384-modp2048-modp1536";
const PRFS = "prfsha256-prfsha384-prfsha512";
/** @see https://developers.cloudflare.com/cloudflare-wan/reference/gre-ipsec-tunnels/#supported-configuration-parameters */
const CLASSICAL = [`aes256gcm16-aes128gcm16-${PRFS}-${GROUPS}`, `aes256-sha256-${PRFS}-${GROUPS}`];
const ML_KEM = "ecp384-ke1_mlkem768-ke1_mlkem1024";
const HYBRID = [`aes256gcm16-aes128gcm16-${PRFS}-${ML_KEM}`, `aes256-sha256-${PRFS}-${ML_KEM}`];
const IKE_PROPOSALS = { classical: CLASSICAL, hybrid: HYBRID, either: [...HYBRID, ...CLASSICAL] };
const ESP_PROPOSALS = [`aes256gcm16-aes128gcm16-${GROUPS}-noesn`, `aes256-aes128-sha256-sha1-${GROUPS}-noesn`];
const EVERYTHING = ["0.0.0.0/0"];
/** Explicit, so that a gateway with another type of identity is another gateway. */
const ID_PREFIX = { fqdn: "fqdn", userFqdn: "email", keyId: "keyid" };

/** Starts a daemon that acts as Cloudflare. */
export async function startEdge({ addresses, inside, build }: EdgeOptions): Promise<Edge> {
  const daemon = await startDaemon([...addresses, ...inside], build);
  const owners = new Map<string, string>();

  async function setKey(name: string, key: string): Promise<void> {
    const owner = owners.get(name);
    if (owner === undefined) throw new Error(`The edge has no tunnel ${name}`);
    const secret = { id: name, type: "IKE", data: Buffer.from(key, "utf8"), owners: [owner] };
    succeeded(await daemon.vici((vici) => vici.request("load-shared", secret)));
  }

  return {
    ...daemon,
    addresses,
    inside: inside[0] ?? "",
    serve: async ({ name, address, identity, key, networks = EVERYTHING, keyExchange = "classical" }) => {
      const id = `${ID_PREFIX[identity.type]}:${identity.value}`;
      const connection = {
        version: "2",
        mobike: "no",
        local_addrs: [address],
        remote_addrs: ["%any"],
        proposals: IKE_PROPOSALS[keyExchange],
        rekey_time: "0",
        "local-1": { auth: "psk", id: address },
        "remote-1": { auth: "psk", id },
        children: {
          [name]: { esp_proposals: ESP_PROPOSALS, rekey_time: "0", local_ts: EVERYTHING, remote_ts: networks },
        },
      };
      succeeded(await daemon.vici((vici) => vici.request("load-conn", { [name]: connection })));
      owners.set(name, id);
      await setKey(name, key);
    },
    setKey,
    remove: async (name) => {
      owners.delete(name);
      await daemon.vici(async (vici) => {
        succeeded(await vici.request("unload-conn", { name }));
        succeeded(await vici.request("unload-shared", { id: name }));
      });
    },
    sas: () => listSas(daemon),
  };
}

function succeeded({ success, errmsg }: { success?: unknown; errmsg?: unknown }): void {
  if (success !== "yes") throw new Error(`strongSwan refused: ${String(errmsg)}`);
}
