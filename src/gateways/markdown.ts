import {
  ADDITIONAL_KEY_EXCHANGES,
  DH_GROUP_NUMBER,
  DPD_INTERVAL_SECONDS,
  ESP_LIFETIME_SECONDS,
  IKE_LIFETIME_SECONDS,
  OTHER_DH_GROUP_NUMBERS,
  TCP_MSS,
  TCP_MSS_IPV6,
} from "./cloudflare-ike";
import { type DialectDefinition, text, UNTYPEABLE } from "./dialect";
import { ROUTER_KEYS } from "./router-keys";
import { remarksOn, type VerifiedTunnel } from "./tunnel";

const ID_TYPE = { fqdn: "FQDN", userFqdn: "User FQDN (email)", keyId: "Key ID" };

/**
 * A sheet of values in Markdown, for every router that is configured by hand: pfSense, OPNsense, SonicWall, RouterOS…
 *
 * Quoting: the key stands alone in a fenced code block, where Markdown changes nothing; the fence is longer than any run
 * of backticks in the key. Keys are refused if they have anything but printable ASCII, because each router encodes it in its
 * own way. No length holds for all routers: lines below the key name the routers that would alter or refuse it.
 *
 * @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/
 * @see https://spec.commonmark.org/0.31.2/#fenced-code-blocks
 */
export const markdown: DialectDefinition = { title: "a value sheet", refusedKeys: UNTYPEABLE, rules: () => [], render };

function render(tunnel: VerifiedTunnel): string {
  const { name, psk, identity, cloudflareEndpoint, customerEndpoint, link, link6, routes, bgp } = tunnel;
  const longest = Math.max(2, ...(psk.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const rows: Row[] = [
    ["Remote gateway, remote ID", cloudflareEndpoint],
    ["Remote ID type", "IPv4 address"],
    ["Local address", customerEndpoint ?? "any"],
    ["Local ID type", ID_TYPE[identity.type]],
    ["Local ID", identity.value],
    ["Authentication", "pre-shared key, on both sides"],
    ["IKE version", 2],
    ["NAT traversal", "on; since May 2026, Cloudflare accepts one that starts on UDP 500"],
    ["Mode", `route-based (VTI), selectors ${link6 ? "0.0.0.0/0 and ::/0" : "0.0.0.0/0"} on both sides`],
    ["Role", "initiator: Cloudflare never starts a tunnel"],
    ["Phase 1", `AES-256-CBC, SHA-256, DH group ${DH_GROUP_NUMBER}, ${IKE_LIFETIME_SECONDS} s`],
    ...keyExchangeRows(tunnel),
    ["Phase 2", `ESP, AES-256-GCM (128-bit ICV), PFS group ${DH_GROUP_NUMBER}, ${ESP_LIFETIME_SECONDS} s`],
    ...otherRows(tunnel),
    ["Extended sequence numbers", "off"],
    ["Dead peer detection", `every ${DPD_INTERVAL_SECONDS} s, then restart`],
    ["Anti-replay protection", "off; if it cannot be turned off, set replay_protection on Cloudflare's tunnel"],
    [
      "TCP MSS in the tunnel",
      `${TCP_MSS}${link6 ? `, for IPv6 ${TCP_MSS_IPV6}` : ""} (enter ${TCP_MSS + 40} in pfSense, which subtracts 40)`,
    ],
    ...linkRows("", link),
    ...linkRows("IPv6 ", link6),
    ...routes.map(({ address, length }) => ["Static route into the tunnel", `${address}/${length}`] as const),
    ...(bgp
      ? ([
          ["BGP AS of the router", bgp.customerAsn],
          ["BGP AS of Cloudflare", bgp.cloudflareAsn],
        ] as const)
      : []),
  ];
  return text([
    `# ${name}: IPsec tunnel to Cloudflare`,
    "",
    "| Field | Value |",
    "| --- | --- |",
    rows.map(([field, value]) => `| ${field} | ${value} |`),
    "",
    "The pre-shared key is the line between the fences, and nothing else. Keep this sheet as secret as the key.",
    "",
    [fence, psk, fence],
    [...refusals(psk), SECOND_TUNNEL, ...remarksOn(tunnel)].flatMap((remark) => ["", remark]),
  ]);
}

const SECOND_TUNNEL =
  "Another tunnel of the router may have the same remote gateway, because new Cloudflare accounts have one: Cloudflare tells them apart by the local ID. Some routers need another local address for it.";

type Row = readonly [field: string, value: string | number];

function keyExchangeRows({ hybrid }: VerifiedTunnel): Row[] {
  if (!hybrid) return [];
  const { title, transformId } = ADDITIONAL_KEY_EXCHANGES[hybrid.method];
  return [
    [
      "Phase 1, additional key exchange 1 (RFC 9370)",
      `${title} (transform ID ${transformId}), in addition to the group`,
    ],
    [
      "Phase 1 without it",
      hybrid.isOptional ? "allowed: propose NONE (transform ID 0) as well" : "not allowed: propose nothing else",
    ],
    ["IKEv2 fragmentation (RFC 7383)", "on"],
  ];
}

/** What Cloudflare also accepts, for routers that lack what is above. It accepts ML-KEM only beside group 20. */
function otherRows({ hybrid }: VerifiedTunnel): Row[] {
  const { first, last } = OTHER_DH_GROUP_NUMBERS;
  return [
    [
      `${hybrid ? "Phase 2" : "Phases 1 and 2"}, if the router has no group ${DH_GROUP_NUMBER}`,
      `Cloudflare also accepts DH group ${first}, and ${last} as a last resort`,
    ],
    ["Phase 2, if the router has no AES-GCM", "Cloudflare also accepts AES-256-CBC, SHA-256"],
  ];
}

function linkRows(family: string, link: VerifiedTunnel["link"]): Row[] {
  if (!link) return [];
  return [
    [`${family}Tunnel address of the router`, `${link.router}/${link.length}`],
    [`${family}Tunnel address of Cloudflare`, link.cloudflare],
  ];
}

function refusals(psk: string): string[] {
  return Object.entries(ROUTER_KEYS).flatMap(([router, refusedKeys]) =>
    refusedKeys
      .filter(([pattern]) => pattern.test(psk))
      .map(([, demand]) => `Not for ${router}: the key must ${demand}. Generate another key.`),
  );
}
