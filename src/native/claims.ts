import { hasUnknown } from "../psk/sentinels";
import type { Call } from "./resource-kind";
import type { Properties } from "./wire";

/** The tunnels that the resources of one provider instance manage. */
export interface Claims {
  /**
   * Claims a tunnel for a resource, once its ID or name is known: a second resource would overwrite the key of the first.
   *
   * @returns The name of the other resource that already manages the tunnel; `undefined` if there is none.
   */
  claim(call: Pick<Call, "name" | "urn">, inputs: Properties): string | undefined;
}

export function createClaims(): Claims {
  const owners = new Map<string, Pick<Call, "name" | "urn">>();
  return {
    claim({ name, urn }, { accountId, ipsecTunnelId, ipsecTunnelName }) {
      const naming = ipsecTunnelName ?? ipsecTunnelId;
      if (typeof accountId !== "string" || typeof naming !== "string") return undefined;
      if (hasUnknown([accountId, naming])) return undefined;
      const tunnel = `${accountId}/${ipsecTunnelName === undefined ? "" : "name:"}${naming}`;
      // The engine checks a resource twice if it is replaced.
      const owner = owners.get(tunnel) ?? { name, urn };
      owners.set(tunnel, owner);
      return owner.urn === urn ? undefined : owner.name;
    },
  };
}
