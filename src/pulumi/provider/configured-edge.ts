import type { Edge } from "../../psk/edge";
import { type ProcessSettings, readSettings } from "../settings";

/** Cloudflare's edge as one configuration reaches it. */
export interface ConfiguredEdge {
  /** Fails where the configuration does, each time that it is used. */
  readonly edge: Edge;
  /** @throws {IpsecTunnelPskError} `ERR_INVALID_SETTING` */
  readonly settings: () => ProcessSettings;
}

/**
 * Takes a configuration, and reads it when something is first asked of the edge.
 *
 * @param get - Looks a key of the stack's configuration up.
 */
export function configureEdge(get: (key: string) => string | undefined): ConfiguredEdge {
  let known: ProcessSettings | undefined;
  let opened: Promise<Edge> | undefined;
  const settings = () => (known ??= readSettings(get));

  // Loaded here, for HTTP takes as long to load as all the rest, and a run that finds nothing to do sends nothing.
  async function open(): Promise<Edge> {
    const { openEdge } = await import("./edge.js");
    return openEdge(get, settings());
  }
  const edge = () => (opened ??= open());

  return {
    settings,
    edge: {
      generate: async (...args) => (await edge()).generate(...args),
      readAfter: async (...args) => (await edge()).readAfter(...args),
      listed: async (...args) => (await edge()).listed(...args),
      read: async (...args) => (await edge()).read(...args),
    },
  };
}
