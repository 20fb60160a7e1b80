import type { Dialect } from "../../src/gateways";

/** An interface to the Internet, by each vendor's names. */
export const UPLINKS: Readonly<Record<Dialect, string>> = {
  strongswan: "eth0",
  vyos: "eth0",
  ciscoIosXe: "GigabitEthernet0/0/0",
  junos: "ge-0/0/0.0",
  fortios: "wan1",
  panos: "ethernet1/1",
  markdown: "WAN",
};
