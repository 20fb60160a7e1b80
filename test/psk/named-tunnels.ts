import type { ListedTunnel } from "../../src/tunnel";
import { ipsecTunnelId } from "./support";

/** When the tunnel of these tests was created, as a list shows it. */
export const CREATED = "2026-11-30T07:01:05.040555Z";
/** The same in whole seconds. */
export const PIN = "2026-11-30T07:01:05Z";
/** When it was created again, in whole seconds. */
export const LATER_PIN = "2026-11-30T09:00:00Z";
export const another = "f".repeat(32);
export const branch: ListedTunnel = { id: ipsecTunnelId, name: "branch-1", createdOn: CREATED };
export const renamed: ListedTunnel = { ...branch, name: "paris" };
export const recreated: ListedTunnel = { id: another, name: "branch-1", createdOn: "2026-11-30T09:00:00.5Z" };
