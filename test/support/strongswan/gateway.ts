import { type Attempt, initiate, rekey, rekeyIke, terminate, waitUntilUp } from "./attempt";
import type { Build } from "./build";
import { type Daemon, startDaemon } from "./daemon";
import { type IkeSa, listSas } from "./security-associations";

export interface GatewayOptions {
  /** The IPv4 address toward the edge. */
  readonly address: string;
  /** An IPv4 address behind the gateway, for pings through a tunnel. */
  readonly inside: string;
  /** @default the machine's own strongSwan */
  readonly build?: Build;
}

/** A customer's router. Connections and their Child SAs have the names of the configuration. */
export interface Gateway extends Daemon {
  readonly address: string;
  readonly inside: string;
  /**
   * Replaces what was loaded by a whole swanctl.conf, as `swanctl --load-all` does. Established tunnels stay up, and a new
   * connection with `start_action = start` establishes itself.
   * @returns The connections in it.
   */
  load(text: string): Promise<string[]>;
  /** Resolves once a connection that establishes itself is up. */
  waitUntilUp(name: string): Promise<void>;
  initiate(name: string): Promise<Attempt>;
  terminate(name: string): Promise<void>;
  /** Authenticates from the first message on, with the keys that are loaded now. */
  reauthenticate(name: string): Promise<Attempt>;
  rekey(name: string): Promise<Attempt>;
  /** Replaces the keys of the IKE SA, and keeps its Child SAs. */
  rekeyIke(name: string): Promise<Attempt>;
  sas(): Promise<IkeSa[]>;
}

export async function startGateway({ address, inside, build }: GatewayOptions): Promise<Gateway> {
  const daemon = await startDaemon([inside], build);
  return {
    ...daemon,
    address,
    inside,
    load: (text) => load(daemon, text),
    waitUntilUp: (name) => waitUntilUp(daemon, name),
    initiate: (name) => initiate(daemon, name),
    terminate: (name) => terminate(daemon, name),
    reauthenticate: async (name) => {
      await terminate(daemon, name);
      return initiate(daemon, name);
    },
    rekey: (name) => rekey(daemon, name),
    rekeyIke: (name) => rekeyIke(daemon, name),
    sas: () => listSas(daemon),
  };
}

async function load(daemon: Daemon, text: string): Promise<string[]> {
  const printed = await daemon.loadAll(text);
  const loaded = [...printed.matchAll(/^loaded connection '(.+)'$/gm)].map(([, name]) => name ?? "");
  // swanctl may keep the previous connections because of a broken file, and still exit with 0.
  if (loaded.length === 0) throw new Error(`swanctl loaded no connection: ${printed}`);
  return loaded;
}
