import type { ExistingKey, Inputs } from "../../src/psk/inputs";
import type { Edit } from "./schedule";
import { addTunnel, inResponse, tunnelIn, type World } from "./world";

/** The program after a change. */
export function edited(program: Inputs, edit: Edit, world: World): Inputs {
  switch (edit.kind) {
    case "none":
      return program;
    case "triggers":
      return withProperty(program, "rotationTriggers", edit.to);
    case "tunnel":
      return { ...program, ipsecTunnelId: addTunnel(world) };
    case "existingKey":
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
  { ipsecTunnelId }: Inputs,
  which: "active" | "first" | "none",
): ExistingKey | undefined {
  const key = tunnelIn(world, ipsecTunnelId).keys.at(which === "first" ? 0 : -1);
  return key === undefined || which === "none" ? undefined : { psk: key.psk, lastGeneratedOn: inResponse(key) };
}

/** Sets a property, or leaves it out if the value is `undefined`, as a program would. */
export function withProperty<K extends keyof Inputs>(program: Inputs, name: K, value: Inputs[K] | undefined): Inputs {
  const rest = Object.entries(program).filter(([other]) => other !== name);
  return Object.fromEntries(value === undefined ? rest : [...rest, [name, value]]) as unknown as Inputs;
}
