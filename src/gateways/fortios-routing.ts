import { maskOf, type Prefix } from "./addresses";
import type { VerifiedTunnel } from "./tunnel";

/** Static routes and BGP, in the words of FortiOS. */
export function routingOf(tunnel: VerifiedTunnel): string[] {
  return [...routesOf(tunnel, 4), ...routesOf(tunnel, 6), ...bgpOf(tunnel)];
}

function routesOf({ name, routes }: VerifiedTunnel, family: 4 | 6): string[] {
  const destination = ({ address, length }: Prefix) =>
    family === 4 ? `${address} ${maskOf(length)}` : `${address}/${length}`;
  const entries = routes
    .filter((route) => route.family === family)
    .flatMap((route) => [
      "    edit 0",
      `        set dst ${destination(route)}`,
      `        set device "${name}"`,
      "    next",
    ]);
  return entries.length === 0 ? [] : [`config router static${family === 6 ? "6" : ""}`, ...entries, "end"];
}

function bgpOf({ link, bgp }: VerifiedTunnel): string[] {
  if (!bgp || !link) return [];
  return [
    "config router bgp",
    `    set as ${bgp.customerAsn}`,
    "    config neighbor",
    `        edit "${link.cloudflare}"`,
    `            set remote-as ${bgp.cloudflareAsn}`,
    "        next",
    "    end",
    "end",
  ];
}
