import type { ConnectionSetting } from "../cloudflare/credentials";
import { IpsecTunnelPskError } from "../errors";
import { DEFAULT_LIMITS, type Limits } from "../psk/limits";
import { quote } from "../psk/quote";

/** What one process goes by: arguments of `Provider`, or stack config `cloudflare-ipsec-psk:<name>`. */
export interface ProviderSettings extends Pick<Limits, "operationTimeoutMs" | "lostResponseWaitMs"> {
  /**
   * Milliseconds for one request to Cloudflare: connection, head and body of the response. A connection that takes longer than
   * 10 s counts as failed in any case. 1,000 to 999,999,999, because a request that is given up too early takes effect
   * nevertheless, and its key is lost.
   *
   * @default 50000 (50 s)
   */
  readonly requestTimeoutMs: number;
  /**
   * Tunnels that one preview validates one by one, 0 to 999,999,999; the others are checked against one list. With 500 keys and all of
   * them validated, a preview and an `up` cost 500 + 3 + 500 × 1.125 requests of the 1,200 in 5 minutes.
   *
   * @default 60 (60 + 3 + 1,000 × 1.125 = 1,188 requests for 1,000 keys)
   */
  readonly maxPreviewValidations: number;
  /**
   * Milliseconds that one resource may take in a preview, waits included, 0 to 999,999,999; then it is not validated, with a
   * warning.
   *
   * @default 10000 (10 s)
   */
  readonly previewTimeoutMs: number;
  /**
   * Whether every preview and `up` looks for keys that someone else rotated, by one request for each account. `false` leaves
   * that to a refresh.
   *
   * @default true
   */
  readonly detectDrift: boolean;
}

const DEFAULT_SETTINGS: ProviderSettings = {
  operationTimeoutMs: DEFAULT_LIMITS.operationTimeoutMs,
  lostResponseWaitMs: DEFAULT_LIMITS.lostResponseWaitMs,
  requestTimeoutMs: 50_000,
  maxPreviewValidations: 60,
  previewTimeoutMs: 10_000,
  detectDrift: true,
};

export const SETTING_NAMES = Object.keys(DEFAULT_SETTINGS) as readonly (keyof ProviderSettings)[];

/** All settings of one process: those of users, and those that only tests change. */
export interface Settings extends ProviderSettings, Limits {
  /** Milliseconds before a call that never took effect is sent again; doubled each time, 5 attempts in all. */
  readonly backoffMs: number;
  /** Milliseconds that the verification of one key waits at most for generations in flight, to share a read with them. */
  readonly batchWaitMs: number;
}

export const DEFAULTS: Settings = {
  ...DEFAULT_LIMITS,
  ...DEFAULT_SETTINGS,
  // 15 to 22.5 s in all: 1 + 2 + 4 + 8, each lengthened by up to a half.
  backoffMs: 1_000,
  batchWaitMs: 2_000,
};

/** Names the environment variable by which the tests of this package change {@link DEFAULTS} in other processes, as JSON. @internal */
export const INTERNAL_VARIABLE = "PULUMI_CLOUDFLARE_IPSEC_PSK_INTERNAL";

/** The configuration key that has the name of an explicit provider; the default provider does not set it. */
export const PROVIDER_NAME_KEY = "cloudflare-ipsec-psk:provider";

export const CONNECTION_SETTINGS = ["apiToken", "apiKey", "email", "baseUrl"] as const satisfies ConnectionSetting[];

/** The namespace of the stack's configuration from which the connection settings come, as a whole. */
export type Namespace = (typeof NAMESPACES)[number];

export const NAMESPACES = ["cloudflare-ipsec-psk", "cloudflare"] as const;

/**
 * Returns the namespace that the dynamic provider reads. If it has credentials, that is the one of this package, the only one that
 * Pulumi passes to the native provider: so one line of configuration serves both. Otherwise it is that of `@pulumi/cloudflare`.
 *
 * @param get - Looks up a key of the stack's configuration.
 */
export function namespaceIn(get: (key: string) => string | undefined): Namespace {
  const isOwn = (["apiToken", "apiKey", "email"] as const).some(
    (name) => get(keyIn("cloudflare-ipsec-psk", name)) !== undefined,
  );
  return isOwn ? "cloudflare-ipsec-psk" : "cloudflare";
}

/** Returns the key of a connection setting of a `Provider` of the dynamic kind. */
export function configKey(name: ConnectionSetting): string {
  return keyIn("cloudflare", name);
}

/** Returns the key of a connection setting in one namespace of the stack's configuration. */
export function keyIn(namespace: Namespace, name: ConnectionSetting): string {
  return `${namespace}:${name}`;
}

/** Returns the key of a setting in the stack's configuration. */
export function settingKey(name: keyof ProviderSettings): string {
  return `cloudflare-ipsec-psk:${name}`;
}

/**
 * Names a setting as its user has set it: an argument of a `Provider`, or a key of the stack's configuration.
 *
 * @param provider - The name of the explicit provider, if there is one.
 */
export function nameOfSetting(key: string, name: string, provider: string | undefined): string {
  return provider === undefined ? key : `${name} of Provider ${quote(provider)}`;
}

/**
 * Reads the settings that are given; the others have their defaults.
 *
 * @param internal - What {@link INTERNAL_VARIABLE} contains.
 * @throws {IpsecTunnelPskError} `ERR_INVALID_SETTING`
 */
export function readSettings(
  get: (key: string) => string | undefined,
  internal = process.env[INTERNAL_VARIABLE] ?? "{}",
): Settings {
  const provider = get(PROVIDER_NAME_KEY);
  const entries = SETTING_NAMES.map((name) => {
    return [name, parse(name, get(settingKey(name)), nameOfSetting(settingKey(name), name, provider))] as const;
  });
  const set = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  return { ...DEFAULTS, ...parseInternal(internal), ...set };
}

function parseInternal(text: string): Partial<Settings> {
  try {
    return JSON.parse(text) as Partial<Settings>;
  } catch {
    throw new IpsecTunnelPskError("ERR_INVALID_SETTING", {
      summary: `Cannot use environment variable ${INTERNAL_VARIABLE}: it is not JSON`,
      remedy: "Remove it: only the tests of this package set it.",
    });
  }
}

// A request that is always given up too early takes effect nevertheless, and its key is lost.
const SHORTEST_REQUEST_MS = 1_000;

const LARGEST = 999_999_999;

function parse(name: keyof ProviderSettings, text: string | undefined, shown: string): number | boolean | undefined {
  if (text === undefined) return undefined;
  const isBoolean = typeof DEFAULT_SETTINGS[name] === "boolean";
  const least = name === "requestTimeoutMs" ? SHORTEST_REQUEST_MS : 0;
  if (isBoolean && /^(true|false)$/.test(text)) return text === "true";
  if (!isBoolean && /^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new IpsecTunnelPskError("ERR_INVALID_SETTING", {
    summary: `Cannot use ${shown}: it must be ${isBoolean ? "true or false" : `a whole number from ${least} to ${LARGEST}`}, but is ${quote(text)}`,
    remedy: `Set it again, or remove it to use ${String(DEFAULT_SETTINGS[name])}.`,
  });
}
