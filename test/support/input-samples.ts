import { given } from "../../src/given";
import type { Inputs } from "../../src/psk/inputs";

const ID = "0123456789abcdef0123456789abcdef";
const KEY = "fake.key.for.tests";

interface Sample<Value> {
  readonly good: Value;
  readonly wrong: unknown;
  /** What the error says of the wrong value. */
  readonly reason: string;
}

/** A good and a wrong value for each input; the good ones fit each other, but a tunnel has either an ID or a name. */
export const INPUT_SAMPLES: {
  readonly [Name in keyof Required<Inputs>]: Sample<NonNullable<Inputs[Name]>>;
} = {
  accountId: { good: ID, wrong: "branch-1", reason: "must be a Cloudflare account ID: 32 hexadecimal characters" },
  ipsecTunnelId: {
    good: "fedcba9876543210fedcba9876543210",
    wrong: "branch-1",
    reason: "must be the ID of an IPsec tunnel: 32 hexadecimal characters",
  },
  ipsecTunnelName: {
    good: "branch-1",
    wrong: "",
    reason: "must be the name of an IPsec tunnel: a string that is not empty",
  },
  ipsecTunnelCreatedOn: {
    good: "2026-01-31T08:15:00Z",
    wrong: "yesterday",
    reason: 'must be the timestamp that Cloudflare shows, as in "2026-11-23T08:15:00.123456Z"',
  },
  rotationTriggers: { good: { quarter: "Q1" }, wrong: ["Q1"], reason: "must be a map of strings" },
  rotateAfterDays: { good: 90, wrong: 0, reason: "must be a whole number of days, 1 or more" },
  rotateSpreadDays: { good: 14, wrong: -1, reason: "must be a whole number of days, 0 or more" },
  onExternalRotation: { good: "fail", wrong: "keep", reason: 'must be "regenerate" or "fail"' },
  psk: { good: KEY, wrong: "", reason: "must be a string that is not empty" },
  existingKey: {
    good: { psk: KEY, lastGeneratedOn: "2026-03-01T12:00:00.123456Z" },
    wrong: KEY,
    reason: "must be { psk, lastGeneratedOn }",
  },
  compatibleWith: { good: ["aws"], wrong: "aws", reason: 'must be a list of "aws" and "azure"' },
  conduitId: {
    good: "33145236",
    wrong: ID,
    reason: "must be the short number in the tunnel's IKE identities, as a string of digits",
  },
  validateInPreview: { good: false, wrong: "false", reason: "must be true or false" },
};

const { ipsecTunnelId, ...byName } = Object.fromEntries(
  Object.entries(INPUT_SAMPLES).map(([name, { good }]) => [name, good]),
) as unknown as Required<Inputs>;

/** A good value for each input but `ipsecTunnelId`: the tunnel is named by its name. */
export const GOOD_INPUTS = byName;

/** Good values of all inputs that can stand beside one, and of that one. */
export function inputsWith(name: keyof Inputs): Inputs {
  if (name !== "ipsecTunnelId") return GOOD_INPUTS;
  return given({
    ...GOOD_INPUTS,
    ipsecTunnelId,
    ipsecTunnelName: undefined,
    ipsecTunnelCreatedOn: undefined,
  }) as Inputs;
}
