import { IpsecTunnelPskError } from "../errors";
import type { Preflight } from "../preview/preflight";
import { createCancellation } from "../connection/cancellation";
import { configureLifecycle } from "../connection/configured-lifecycle";
import { requireEngine } from "../connection/engine-alive";
import { readSettings } from "../connection/settings";
import { quote } from "../psk/quote";
import { createTunnelClaims } from "../psk/tunnel-claims";
import { createClaims } from "./claims";
import { configurationOf, unknownSettings, withSecretCredentials } from "./configuration";
import type { Lines } from "./engine-log";
import { createIpsecTunnelPsk } from "./ipsec-tunnel-psk";
import type { Checked, ResourceKind } from "./resource-kind";
import type { Properties } from "./wire";

/** One provider instance: a configuration, and what the engine asks of it. */
export interface Provider {
  /** Finds mistakes in the settings. Credentials are read only when they are needed. */
  checkConfig(news: Properties, urn?: string): Checked;
  /** Stores the configuration. Never fails: a mistake in it fails the operations that need it. */
  configure(values: Properties, urn: string | undefined): void;
  /** Returns the resource of a type. @throws {IpsecTunnelPskError} if there is none. */
  kindOf(type: string): Promise<ResourceKind>;
  /** Calls a function. @throws {IpsecTunnelPskError} */
  invoke(token: string, args: Properties): Promise<Properties>;
  /** Ends every wait. The response to a request that was sent is awaited, and its result is kept. */
  cancel(): void;
}

export interface ProviderOptions {
  /** Takes the lines that do not belong to one resource. */
  readonly lines: Lines;
  /** Where the engine listens; empty while that is unknown. */
  readonly engineAddress: () => string;
}

const PACKAGE = "cloudflare-ipsec-psk";

export function createProvider({ lines, engineAddress }: ProviderOptions): Provider {
  const cancellation = createCancellation();
  const claims = createClaims();
  let ipsecTunnelPsk = configured({}, undefined);

  function configured(values: Properties, urn: string | undefined): ResourceKind {
    const get = configurationOf(values, urn);
    const tunnelClaims = createTunnelClaims();
    const lifecycle = configureLifecycle(get, {
      namespace: PACKAGE,
      claims: tunnelClaims,
      sleep: cancellation.sleep,
      tell: lines.info,
      warn: lines.warn,
      announce: (_tunnel, line) => {
        lines.info(line);
      },
      requireEngine: async () => {
        cancellation.throwIfCancelled();
        await requireEngine(engineAddress());
      },
    });
    return createIpsecTunnelPsk({ lifecycle, preflight: lazyPreflight(get), claims, tunnelClaims });
  }

  return {
    checkConfig(news, urn) {
      const inputs = withSecretCredentials(news);
      const unknown = unknownSettings(news, urn);
      if (unknown !== undefined) return { inputs, failures: [{ property: "", reason: unknown }] };
      try {
        readSettings(configurationOf(news, urn));
        return { inputs, failures: [] };
      } catch (error) {
        if (!(error instanceof IpsecTunnelPskError)) throw error;
        return { inputs, failures: [{ property: "", reason: error.message }] };
      }
    },

    configure(values, urn) {
      ipsecTunnelPsk = configured(values, urn);
    },

    async kindOf(type) {
      switch (type) {
        case `${PACKAGE}:index:IpsecTunnelPsk`:
          return ipsecTunnelPsk;
        case `${PACKAGE}:index:GatewayConfig`:
          return (await import("./gateway-config.js")).gatewayConfig;
        default:
          throw unknownToken(type);
      }
    },

    async invoke(token, args) {
      const { functions } = await import("./functions.js");
      const run = functions.get(token);
      if (run === undefined) throw unknownToken(token);
      return run(args);
    },

    cancel: cancellation.cancel,
  };
}

// Loaded when a preview plans something, because HTTP takes as long to load as all the rest.
function lazyPreflight(get: (key: string) => string | undefined): Preflight {
  let loading: Promise<Preflight> | undefined;
  const load = async () => {
    const { createPreflight } = await import("../preview/preflight.js");
    const { connectForPreview } = await import("../preview/connect-for-preview.js");
    let connection: ReturnType<typeof connectForPreview> | undefined;
    return createPreflight({
      connect: () => Promise.resolve().then(() => (connection ??= connectForPreview(get, PACKAGE))),
      settings: () => Promise.resolve().then(() => readSettings(get)),
      now: Date.now,
      namespace: PACKAGE,
    });
  };
  return async (planned, log) => (await (loading ??= load()))(planned, log);
}

function unknownToken(token: string): IpsecTunnelPskError {
  return new IpsecTunnelPskError("ERR_INVALID_INPUT", {
    summary: `Cannot find ${quote(token)}: this release of the plugin has no such resource or function`,
    remedy: "Check the spelling, or upgrade the plugin.",
  });
}
