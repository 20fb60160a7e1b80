import { IpsecTunnelPskError } from "../errors";
import { DEFAULT_PATIENCE, type Patience } from "../psk/patience";

/** Waits, counts and budgets of one process: arguments of `Provider`, or stack config `cloudflare-ipsec-psk:<name>`. */
export interface ProcessSettings extends Patience {
  /**
   * Milliseconds until a connection to Cloudflare stands: name look-up, TCP, TLS, proxy.
   *
   * @default 10000 (10 s)
   */
  readonly connectTimeoutMs: number;
  /**
   * Milliseconds from sending a request until the head of its answer is there.
   *
   * @default 30000 (30 s)
   */
  readonly headersTimeoutMs: number;
  /**
   * Milliseconds for the body of an answer.
   *
   * @default 10000 (10 s)
   */
  readonly bodyTimeoutMs: number;
  /**
   * Milliseconds before a call that never took effect is sent again; doubled each time, 5 tries in all.
   *
   * @default 1000 (1 s; 15 to 22.5 s = 1 + 2 + 4 + 8, each lengthened by up to a half)
   */
  readonly backoffMs: number;
  /**
   * Milliseconds that the verification of one key waits at most for generations in flight, to share a read with them.
   *
   * @default 2000 (2 s)
   */
  readonly batchWaitMs: number;
  /**
   * Tunnels that one preview validates one by one; the others are checked against one list. With 500 keys and all of
   * them validated, a preview and an `up` cost 500 + 3 + 500 × 1.125 requests of the 1,200 in 5 minutes.
   *
   * @default 60 (60 + 3 + 1,000 × 1.125 = 1,188 requests for 1,000 keys)
   */
  readonly previewBudget: number;
  /**
   * Milliseconds that one resource may take in a preview, waits included; then it is not validated, with a warning.
   *
   * @default 10000 (10 s)
   */
  readonly previewDeadlineMs: number;
}

export const DEFAULT_SETTINGS: ProcessSettings = {
  ...DEFAULT_PATIENCE,
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 10_000,
  backoffMs: 1_000,
  batchWaitMs: 2_000,
  previewBudget: 60,
  previewDeadlineMs: 10_000,
};

export const SETTING_NAMES = Object.keys(DEFAULT_SETTINGS) as readonly (keyof ProcessSettings)[];

/** The key of a setting in the stack's configuration. */
export function settingKey(name: keyof ProcessSettings): string {
  return `cloudflare-ipsec-psk:${name}`;
}

/**
 * Reads the settings that are given, and takes the defaults for the rest.
 *
 * @throws {IpsecTunnelPskError} `ERR_INVALID_SETTING`
 */
export function readSettings(get: (key: string) => string | undefined): ProcessSettings {
  const given = SETTING_NAMES.map((name) => [name, parse(name, get(settingKey(name)))] as const);
  return { ...DEFAULT_SETTINGS, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
}

function parse(name: keyof ProcessSettings, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  // Without one read or one generation nothing would happen at all.
  const least = name === "maxReads" || name === "maxGenerations" ? 1 : 0;
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new IpsecTunnelPskError("ERR_INVALID_SETTING", {
    what: `Cannot use ${settingKey(name)} as it must be a whole number, ${least} or more: current value is "${text}"`,
    remedy: `Set it again, or remove it to use ${DEFAULT_SETTINGS[name]}.`,
  });
}
