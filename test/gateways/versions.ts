import type { Dialect } from "../../src/gateways";

/** The first version of each vendor's software that can have ML-KEM with Cloudflare, or else a recent one. */
export const VERSIONS: Readonly<Record<Dialect, string>> = {
  strongswan: "6.0.2",
  vyos: "1.4.1",
  ciscoIosXe: "26.1.1",
  junos: "24.4R1",
  fortios: "7.6.6",
  panos: "11.2.4-h1",
  markdown: "24.11",
};

/** A later version, whose words may differ. */
export const LATER_VERSIONS: Readonly<Record<Dialect, string>> = { ...VERSIONS, strongswan: "6.1.0", fortios: "8.0.0" };
