import { brokenRules, titleOf } from "../cloud-vpns";
import type { InputProblem } from "../errors";
import { canonicalId } from "../tunnel";
import { INPUT_NAMES, type Inputs, inputProblems, validInput } from "./inputs";
import { nameOf, quote } from "./quote";
import { ACCOUNT_OF_TUNNEL, CLAIMED_BY, hasUnknown } from "./sentinels";

type Args = Readonly<Record<string, unknown>>;

/**
 * Finds every mistake in a resource's arguments. What is unknown is not judged.
 *
 * @param args - As the program gave them; properties with a leading `__` are Pulumi's own, {@link CLAIMED_BY} or {@link ACCOUNT_OF_TUNNEL}.
 */
export function checkInputs(args: Args): InputProblem[] {
  return [
    ...INPUT_NAMES.flatMap((name) => inputProblems(name, args[name])),
    ...oneTunnel(args),
    ...accountForTunnel(args),
    ...otherAccount(args),
    ...incompatiblePsk(args),
    ...incompatibleExistingKey(args),
    ...otherExistingKey(args),
    ...tooWideSpread(args),
    ...secondClaim(args),
    ...foreignProperties(args),
  ];
}

function oneTunnel(args: Args): InputProblem[] {
  const [byId, byName, isPinned] = (["ipsecTunnelId", "ipsecTunnelName", "ipsecTunnelCreatedOn"] as const).map(
    (name) => args[name] !== undefined,
  );
  const problem = (property: keyof Inputs, reason: string) => [{ property, reason }];
  if (byId && byName)
    return problem("ipsecTunnelName", "and ipsecTunnelId name the tunnel twice: remove one of the two");
  if (isPinned && !byName)
    return problem("ipsecTunnelCreatedOn", "needs ipsecTunnelName: add the name, or remove ipsecTunnelCreatedOn");
  if (byId || byName) return [];
  return problem("ipsecTunnelName", "or ipsecTunnelId is required, to say which tunnel the key is for");
}

// What programs get as the `id` of a tunnel resource.
function accountForTunnel(args: Args): InputProblem[] {
  if (!isAccountForTunnel(args)) return [];
  const reason =
    "is the ID of the account, because @pulumi/cloudflare sets the id of a MagicWanIpsecTunnel to it: " +
    "set ipsecTunnelName instead (in TypeScript, tunnel), or the tunnel's own ID";
  return [{ property: "ipsecTunnelId", reason }];
}

function isAccountForTunnel(args: Args): boolean {
  const [account, tunnel] = [validInput(args, "accountId"), validInput(args, "ipsecTunnelId")];
  return account !== undefined && tunnel !== undefined && canonicalId(account) === canonicalId(tunnel);
}

function otherAccount(args: Args): InputProblem[] {
  const [account, ofTunnel] = [validInput(args, "accountId"), args[ACCOUNT_OF_TUNNEL]];
  if (account === undefined || typeof ofTunnel !== "string" || hasUnknown(ofTunnel)) return [];
  if (canonicalId(account) === canonicalId(ofTunnel)) return [];
  return [
    {
      property: "accountId",
      reason: "differs from the account of tunnel: remove accountId, because tunnel already provides it",
    },
  ];
}

// No other key would be sent: this one must suit.
function incompatiblePsk(args: Args): InputProblem[] {
  const [psk, consumers] = [validInput(args, "psk"), validInput(args, "compatibleWith")];
  if (psk === undefined || consumers === undefined) return [];
  return consumers
    .filter((consumer) => brokenRules(psk, consumer).length > 0)
    .map((consumer) => {
      const rules = brokenRules(psk, consumer).map((rule) => `it ${rule}`);
      const title = titleOf(consumer);
      return {
        property: "psk",
        reason: `is not compatible with ${title}, which compatibleWith names: ${rules.join("; ")}`,
      };
    });
}

// It would be replaced immediately, although the program says to keep it.
function incompatibleExistingKey(args: Args): InputProblem[] {
  const [key, consumers] = [validInput(args, "existingKey"), validInput(args, "compatibleWith")];
  if (key === undefined || consumers === undefined) return [];
  return consumers
    .filter((consumer) => brokenRules(key.psk, consumer).length > 0)
    .map((consumer) => ({
      property: "existingKey.psk",
      reason: `is not compatible with ${titleOf(consumer)}, which compatibleWith names: leave one of the two out`,
    }));
}

function otherExistingKey(args: Args): InputProblem[] {
  const [psk, existing] = [validInput(args, "psk"), validInput(args, "existingKey")];
  if (psk === undefined || existing === undefined || existing.psk === psk) return [];
  const reason = "must be the same key as psk: remove existingKey to set psk, or psk to take over the existing key";
  return [{ property: "existingKey.psk", reason }];
}

function tooWideSpread(args: Args): InputProblem[] {
  const [spread, days] = [validInput(args, "rotateSpreadDays"), validInput(args, "rotateAfterDays")];
  if (spread === undefined || hasUnknown(args.rotateAfterDays)) return [];
  const isMissing = args.rotateAfterDays === undefined;
  if (!isMissing && (days === undefined || spread < days)) return [];
  return [
    {
      property: "rotateSpreadDays",
      reason: `must be less than rotateAfterDays${isMissing ? ", which is missing" : ""}`,
    },
  ];
}

function secondClaim(args: Args): InputProblem[] {
  const owner = args[CLAIMED_BY];
  // Two tunnels whose ID is wrong in the same way are not one tunnel.
  if (typeof owner !== "string" || hasUnknown(owner) || isAccountForTunnel(args)) return [];
  const reason = `already belongs to IpsecTunnelPsk ${quote(owner)}: remove one of the two, because a tunnel has one key, and each resource would overwrite the key of the other`;
  return [{ property: args.ipsecTunnelName === undefined ? "ipsecTunnelId" : "ipsecTunnelName", reason }];
}

function foreignProperties(args: Args): InputProblem[] {
  const inputs: readonly string[] = INPUT_NAMES;
  const foreign = Object.keys(args).filter((name) => !inputs.includes(name) && !name.startsWith("__"));
  return foreign.map((name) => ({ property: nameOf(name), reason: "is not a property of IpsecTunnelPsk" }));
}
