import { z } from "zod";
import type { Daemon } from "./daemon";

const child = z.object({
  name: z.string(),
  uniqueid: z.string(),
  state: z.string(),
  protocol: z.string(),
  encap: z.string().optional(),
  "encr-alg": z.string(),
  "encr-keysize": z.string().optional(),
  "integ-alg": z.string().optional(),
  "dh-group": z.string().optional(),
  esn: z.string().optional(),
  "packets-in": z.coerce.number(),
  "packets-out": z.coerce.number(),
  "local-ts": z.array(z.string()),
  "remote-ts": z.array(z.string()),
});

const ike = z.object({
  uniqueid: z.string(),
  version: z.string(),
  state: z.string(),
  "local-host": z.string(),
  "local-id": z.string().optional(),
  "remote-host": z.string(),
  "remote-id": z.string().optional(),
  initiator: z.string().optional(),
  "encr-alg": z.string().optional(),
  "encr-keysize": z.string().optional(),
  "integ-alg": z.string().optional(),
  "prf-alg": z.string().optional(),
  "dh-group": z.string().optional(),
  /** Additional key exchange 1 (RFC 9370), of strongSwan 6. */
  ake1: z.string().optional(),
  // Children without keys have nothing to show yet.
  "child-sas": z.record(z.string(), z.unknown()).default({}),
});

export type ChildSa = z.infer<typeof child>;

/** An IKE SA, by strongSwan's names, with the Child SAs that are complete. */
export interface IkeSa extends Omit<z.infer<typeof ike>, "child-sas"> {
  readonly name: string;
  readonly children: readonly ChildSa[];
}

/**
 * What was negotiated, as `swanctl --list-sas` shows it: "AES_CBC-256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/ECP_384", and
 * "/KE1_ML_KEM_768" if the IKE SA is hybrid.
 */
export function suiteOf(sa: IkeSa | ChildSa): string {
  const encryption = [sa["encr-alg"], sa["encr-keysize"]].filter(Boolean).join("-");
  const prf = "prf-alg" in sa ? sa["prf-alg"] : undefined;
  const additional = "ake1" in sa && sa.ake1 ? `KE1_${sa.ake1}` : undefined;
  return [encryption, sa["integ-alg"], prf, sa["dh-group"], additional].filter(Boolean).join("/");
}

/** Lists all IKE SAs of a daemon, even half-open ones. */
export async function listSas(daemon: Pick<Daemon, "vici">): Promise<IkeSa[]> {
  const sas: IkeSa[] = [];
  await daemon.vici(async (vici) => {
    await vici.listen("list-sa", (message) => {
      for (const [name, value] of Object.entries(message)) {
        const { "child-sas": children, ...sa } = ike.parse(value);
        const complete = Object.values(children).flatMap((each) => child.safeParse(each).data ?? []);
        sas.push({ name, ...sa, children: complete });
      }
    });
    await vici.request("list-sas");
  });
  return sas;
}
