import type { TunnelApi } from "../psk/tunnel-api";
import { readSettings, type Settings } from "./settings";

/** The tunnels that one configuration gives access to. */
export interface LazyTunnels {
  /** Every call fails if the configuration is wrong. */
  readonly tunnels: TunnelApi;
  /** @throws {IpsecTunnelPskError} `ERR_INVALID_SETTING` */
  readonly settings: () => Settings;
}

/**
 * Takes a configuration, and reads it when the tunnels are first used.
 *
 * @param get - Looks up a key of the stack's configuration.
 */
export function configureTunnels(get: (key: string) => string | undefined): LazyTunnels {
  let known: Settings | undefined;
  let opened: Promise<TunnelApi> | undefined;
  const settings = () => (known ??= readSettings(get));

  // Loaded here, because HTTP takes as long to load as all the rest, and a run with nothing to do sends nothing.
  async function open(): Promise<TunnelApi> {
    const { openTunnels } = await import("./cloudflare-tunnels.js");
    return openTunnels(get, settings());
  }
  const api = () => (opened ??= open());

  return {
    settings,
    tunnels: {
      generate: async (...args) => (await api()).generate(...args),
      readAfter: async (...args) => (await api()).readAfter(...args),
      readFromList: async (...args) => (await api()).readFromList(...args),
      read: async (...args) => (await api()).read(...args),
    },
  };
}
