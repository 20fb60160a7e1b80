import type { ExistingKey, ResolvedInputs } from "../../src/psk/inputs";
import type { Edit } from "./schedule";
import { addTunnel, inResponse, tunnelIn, type World } from "./world";

/** The program after a change. */
export function edited(program: ResolvedInputs, edit: Edit, world: World): ResolvedInputs {
  switch (edit.kind) {
    case "none":
      return program;
    case "triggers":
      return withProperty(program, "rotationTriggers", edit.to);
    case "tunnel":
      return { ...program, ipsecTunnelId: addTunnel(world) };
    case "psk":
      // What differs from the existing key is refused before the lifecycle sees it.
      return withProperty(withProperty(program, "existingKey", undefined), "psk", edit.to);
    case "existingKey":
      if (program.psk !== undefined) return program;
      return withProperty(program, "existingKey", existingKeyIn(world, program, edit.which));
    case "rotateAfterDays":
      return withProperty(program, "rotateAfterDays", edit.to);
    case "onExternalRotation":
      return { ...program, onExternalRotation: edit.to };
    case "compatibleWith":
      return withProperty(program, "compatibleWith", edit.to);
  }
}

function existingKeyIn(
  world: World,
  { ipsecTunnelId }: ResolvedInputs,
  which: "active" | "first" | "none",
): ExistingKey | undefined {
  const key = tunnelIn(world, ipsecTunnelId).keys.at(which === "first" ? 0 : -1);
  const lastGeneratedOn = key && inResponse(key);
  return key === undefined || lastGeneratedOn === undefined || which === "none"
    ? undefined
    : { psk: key.psk, lastGeneratedOn };
}

/** Sets a property, or leaves it out if the value is `undefined`, as a program would. */
export function withProperty<K extends keyof ResolvedInputs>(
  program: ResolvedInputs,
  name: K,
  value: ResolvedInputs[K] | undefined,
): ResolvedInputs {
  const rest = Object.entries(program).filter(([other]) => other !== name);
  return Object.fromEntries(value === undefined ? rest : [...rest, [name, value]]) as unknown as ResolvedInputs;
}
