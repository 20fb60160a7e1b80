import type { CallOptions } from "../cloudflare/client";
import { findIpsecTunnel } from "../cloudflare/ipsec-tunnels";
import { findListed, type TunnelList } from "../cloudflare/shown-tunnels";
import { IpsecTunnelPskError } from "../errors";
import type { DriftReads } from "../psk/drift";
import type { NameReads } from "../psk/resolution";
import type { TunnelRef } from "../tunnel";
import { toReading } from "./cloudflare-tunnels";
import type { Connection } from "./connection";
import { keylessIn, keylessText, readingIn } from "./keyless";
import { withTimeout } from "./sleep";

/** Milliseconds for one read, waits included. */
const TIMEOUT_MS = 5_000;

/** Reads of single tunnels in one process, for tunnels without a key in a list that shows no timestamps. */
export const MAX_SINGLE_READS = 5;

type Readers = Pick<Connection, "client" | "lists">;

/**
 * Creates the reads by which a diff looks for drift: one list per account and process, whatever is generated meanwhile, a second one
 * if the first shows no key of a tunnel, and a few single reads. One attempt each, without a wait for Cloudflare's limit. A first list
 * or a single read that fails ends looking in that account; a second list that fails leaves only tunnels without a key undecided.
 *
 * @param connect - Opens the connection; a failure counts as that of a read.
 * @param announce - Takes one line for each account whose drift is not checked, or not of every tunnel.
 * @param timeoutMs - Milliseconds for one read, waits included.
 */
export function createDriftReads(
  connect: () => Promise<Readers>,
  announce: (line: string) => void,
  timeoutMs = TIMEOUT_MS,
): DriftReads & NameReads {
  const failed = new Set<string>();
  const told = new Set<string>();
  /** Accounts of which a list that would show the names of tunnels failed. */
  const unnamed = new Set<string>();
  /** Accounts in which tunnels without a key stay undecided. */
  const undecided = new Set<string>();
  /** The latest list of each account. */
  const latest = new Map<string, TunnelList>();
  const readAlone = new Set<string>();
  let singleReads = 0;

  async function attempt<T>(
    read: (readers: Readers, options: CallOptions) => Promise<T>,
    fail: (why: string) => void,
  ): Promise<T | undefined> {
    try {
      const readers = await connect();
      const late = () => new Error(`it took longer than ${timeoutMs / 1_000} s`);
      return await withTimeout(timeoutMs, read(readers, { ...OPTIONS, timeoutMs }), late);
    } catch (error) {
      fail(whyOf(error));
      return undefined;
    }
  }

  async function list(account: string, policy: "once" | "again" | "fresh", fail: (why: string) => void) {
    if (failed.has(account)) return undefined;
    const shown = await attempt(({ lists }, options) => lists.list(account, policy, options), fail);
    if (shown === undefined || failed.has(account)) return undefined;
    latest.set(account, shown);
    return shown;
  }

  // Not announced: an update that needs the names says why it fails.
  async function namesIn(account: string, policy: "once" | "fresh") {
    if (unnamed.has(account)) return undefined;
    return (await list(account, policy, () => unnamed.add(account)))?.named;
  }

  function giveUp(account: string, why: string): void {
    if (!failed.has(account)) announce(`Drift was not checked in account ${account}: ${why}. ${ADVICE}`);
    failed.add(account);
  }

  // One tunnel stands for all: with a thousand of them, one line is read and a thousand are not.
  function skip({ accountId, ipsecTunnelId }: TunnelRef, why: string): void {
    const where = `IPsec tunnel ${ipsecTunnelId}, and perhaps for others in account ${accountId}`;
    if (!told.has(accountId)) announce(`Drift was not checked for ${where}: ${why}. ${ADVICE}`);
    told.add(accountId);
  }

  /** Names the tunnels without a key that nothing has decided, or the first of them. */
  function leaveUndecided({ accountId, ipsecTunnelId }: TunnelRef, why: string): void {
    if (undecided.has(accountId)) return;
    undecided.add(accountId);
    const others = keylessIn(latest.get(accountId)).filter((id) => id !== ipsecTunnelId && !readAlone.has(id));
    const which = keylessText([ipsecTunnelId, ...others]);
    announce(
      `Drift was not checked for ${which} in account ${accountId}: ${why}. Run \`pulumi up --refresh\` to check.`,
    );
  }

  return {
    atHand: (accountId) => namesIn(accountId, "once"),
    fresh: (accountId) => namesIn(accountId, "fresh"),

    async fromList(tunnel) {
      const { accountId, ipsecTunnelId } = tunnel;
      const shown = await list(accountId, "once", (why) => {
        giveUp(accountId, why);
      });
      if (shown === undefined) return undefined;
      const { tunnels, unreadable, insteadOfList } = shown;
      const flaw = unreadable.get(ipsecTunnelId);
      if (insteadOfList === undefined && flaw === undefined) return toReading(findListed(tunnels, ipsecTunnelId));
      if (insteadOfList !== undefined) giveUp(accountId, `the list of its IPsec tunnels is ${insteadOfList}`);
      if (flaw !== undefined) skip(tunnel, flaw);
      return undefined;
    },

    async fromSecondList(tunnel) {
      const { accountId, ipsecTunnelId } = tunnel;
      const shown = await list(accountId, "again", (why) => {
        leaveUndecided(tunnel, why);
      });
      return shown && readingIn(shown, ipsecTunnelId);
    },

    async single(tunnel) {
      const { accountId, ipsecTunnelId } = tunnel;
      if (failed.has(accountId) || undecided.has(accountId)) return undefined;
      if (singleReads >= MAX_SINGLE_READS) {
        leaveUndecided(
          tunnel,
          `Cloudflare's lists do not show whether their keys were removed, and a run reads at most ${MAX_SINGLE_READS} tunnels one by one`,
        );
        return undefined;
      }
      singleReads += 1;
      readAlone.add(ipsecTunnelId);
      return attempt(
        async ({ client }, options) => toReading(await findIpsecTunnel(client, tunnel, options)),
        (why) => {
          giveUp(accountId, why);
        },
      );
    },
  };
}

const OPTIONS: CallOptions = {
  maxAttempts: 1,
  announce: () => undefined,
  beforeLateSend: () => Promise.reject(new Error("Cloudflare's request limit is nearly reached")),
};

const ADVICE = "Run `pulumi refresh` to check it.";

function whyOf(error: unknown): string {
  return error instanceof IpsecTunnelPskError ? error.details.summary : (error as Error).message;
}
