import { brokenRules, titleOf } from "../cloud-vpns";
import type { InputProblem } from "../errors";
import { INPUT_NAMES, inputProblems, validInput } from "./inputs";
import { nameOf, quote } from "./quote";
import { CLAIMED_BY, hasUnknown } from "./sentinels";

type Args = Readonly<Record<string, unknown>>;

/**
 * Finds every mistake in a resource's arguments. What is unknown is not judged.
 *
 * @param args - As the program gave them; properties with a leading `__` are Pulumi's own, or {@link CLAIMED_BY}.
 */
export function checkInputs(args: Args): InputProblem[] {
  return [
    ...INPUT_NAMES.flatMap((name) => inputProblems(name, args[name])),
    ...incompatiblePsk(args),
    ...incompatibleExistingKey(args),
    ...otherExistingKey(args),
    ...tooWideSpread(args),
    ...secondClaim(args),
    ...foreignProperties(args),
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

function secondClaim({ [CLAIMED_BY]: owner }: Args): InputProblem[] {
  if (typeof owner !== "string" || hasUnknown(owner)) return [];
  const reason = `already belongs to IpsecTunnelPsk ${quote(owner)}: a tunnel has one key, and each resource would overwrite the key of the other`;
  return [{ property: "ipsecTunnelId", reason }];
}

function foreignProperties(args: Args): InputProblem[] {
  const inputs: readonly string[] = INPUT_NAMES;
  const foreign = Object.keys(args).filter((name) => !inputs.includes(name) && !name.startsWith("__"));
  return foreign.map((name) => ({ property: nameOf(name), reason: "is not a property of IpsecTunnelPsk" }));
}
