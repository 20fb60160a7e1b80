import {
  DH_GROUP_NUMBER,
  DPD_INTERVAL_SECONDS,
  ESP_LIFETIME_SECONDS,
  IKE_LIFETIME_SECONDS,
  TCP_MSS,
} from "./cloudflare-ike";
import {
  type DialectDefinition,
  featureRule,
  interfaceAddressRule,
  isAbove,
  isLonger,
  ownInterfaceRule,
  rule,
  text,
  UNTYPEABLE,
} from "./dialect";
import { ROUTER_KEYS } from "./router-keys";
import { remarksOn, type VerifiedTunnel } from "./tunnel";
import { routesIn } from "./validate-tunnel";

const ROUTER = "set network virtual-router default";
const ETHERNET_MTU = 1_500;
const LAST_TWO_BYTE_ASN = 65_535;

/**
 * `set` commands for PAN-OS 11, route-based with a tunnel interface in the virtual router `default`.
 *
 * Quoting: the key stands in double quotes. Palo Alto Networks documents no escape, so space, quotes, `\` and `?` are
 * refused. So is a key that starts with `-AQ==`, which PAN-OS reads as encrypted, and a key that is too long for PAN-OS.
 *
 * @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/palo-alto/
 * @see https://docs.paloaltonetworks.com/pan-os/10-0/pan-os-admin/vpns/site-to-site-vpn-concepts/ike-gateway
 * @see https://github.com/PaloAltoNetworks/pan-os-codegen/tree/main/specs/network
 */
export const panos: DialectDefinition = {
  title: "a PAN-OS configuration",
  routers: { name: "PAN-OS", since: "11" },
  refusedKeys: [
    ...UNTYPEABLE,
    ...ROUTER_KEYS["PAN-OS"],
    [/ /, "not have a space, because Palo Alto Networks does not document how PAN-OS reads it"],
    [/["'\\]/, "not have a quote or backslash, because the key stands in double quotes"],
    [/\?/, "not have a question mark, because the command line reads it as a request for help"],
  ],
  rules: (tunnel) => [
    rule(
      "name",
      !isLonger(tunnel.name, 31),
      "must have at most 31 characters, because PAN-OS does not allow longer names",
    ),
    rule(
      "name",
      tunnel.name !== "default",
      "must not be default, because gateways without a crypto profile use the one of that name",
    ),
    interfaceAddressRule(tunnel, "PAN-OS"),
    ownInterfaceRule(tunnel, "tunnel."),
    rule(
      "interfaceAddress6",
      typeof tunnel.interfaceAddress6 !== "string",
      "must be left out, because PAN-OS needs proxy IDs to carry IPv6 over IPv4",
    ),
    rule(
      "routedPrefixes",
      routesIn(tunnel.routedPrefixes).every((route) => route?.family !== 6),
      "must have no IPv6 network, because PAN-OS needs proxy IDs to carry IPv6 over IPv4",
    ),
    rule(
      "uplinkInterface",
      tunnel.uplinkInterface !== undefined,
      "must be given, because PAN-OS needs a local-address interface",
    ),
    rule(
      "interfaceNumber",
      !isAbove(tunnel.interfaceNumber, 9_999),
      "must be at most 9999, because PAN-OS does not allow higher numbers",
    ),
    featureRule(
      tunnel,
      "additionalKeyExchange",
      "the additional key exchange of PAN-OS does not interoperate with Cloudflare yet",
    ),
  ],
  render,
};

function render(tunnel: VerifiedTunnel): string {
  const { name, psk, identity, cloudflareEndpoint, customerEndpoint, uplinkInterface = "", link } = tunnel;
  const unit = `tunnel.${tunnel.interfaceNumber}`;
  const crypto = "set network ike crypto-profiles";
  const gateway = `set network ike gateway ${name}`;
  const ipsec = `set network tunnel ipsec ${name}`;
  // In PAN-OS, a key ID is a string of bytes in hexadecimal.
  const hex = Buffer.from(identity.value, "ascii").toString("hex");
  const localId = { fqdn: "fqdn", userFqdn: "ufqdn", keyId: "keyid" }[identity.type];
  return text([
    `# ${name}: IPsec tunnel to Cloudflare. It holds a pre-shared key.`,
    "# Lines that start with # are comments: paste only the others. Write the security rules yourself.",
    `# PAN-OS starts the tunnel with the first packet into it. To start it by hand: test vpn ipsec-sa tunnel ${name}`,
    `# PAN-OS cannot clamp the MSS of a tunnel: set adjust-tcp-mss ipv4-mss-adjustment ${ETHERNET_MTU - TCP_MSS} on the LAN interface.`,
    customerEndpoint === undefined
      ? []
      : `# If ${uplinkInterface} has several addresses, also set local-address ip to ${customerEndpoint} with its mask.`,
    `# PAN-OS may refuse a second gateway to ${cloudflareEndpoint} from ${uplinkInterface}: set another local-address for that one.`,
    identity.type === "keyId" ? `# local-id is ${identity.value} in hexadecimal.` : [],
    "# With the Advanced Routing Engine there is no virtual router: interface, routes and BGP go into a logical router.",
    hasFourByteAsn(tunnel) ? "# as-format 4-byte applies to every BGP peer of the virtual router." : [],
    tunnel.bgp
      ? "# If the virtual router already has a router-id, leave that line out: a change ends its BGP sessions."
      : [],
    remarksOn(tunnel).map((remark) => `# ${remark}`),
    "set network profiles interface-management-profile cloudflare-ping ping yes",
    `set network interface tunnel units ${unit} ip ${link?.router ?? ""}/${link?.length ?? 32}`,
    `set network interface tunnel units ${unit} interface-management-profile cloudflare-ping`,
    `${ROUTER} interface ${unit}`,
    `set zone cloudflare network layer3 ${unit}`,
    `${crypto} ike-crypto-profiles ${name} hash sha256`,
    `${crypto} ike-crypto-profiles ${name} dh-group group${DH_GROUP_NUMBER}`,
    `${crypto} ike-crypto-profiles ${name} encryption aes-256-cbc`,
    `${crypto} ike-crypto-profiles ${name} lifetime hours ${IKE_LIFETIME_SECONDS / 3_600}`,
    `${crypto} ipsec-crypto-profiles ${name} esp encryption aes-256-cbc`,
    `${crypto} ipsec-crypto-profiles ${name} esp authentication sha256`,
    `${crypto} ipsec-crypto-profiles ${name} dh-group group${DH_GROUP_NUMBER}`,
    `${crypto} ipsec-crypto-profiles ${name} lifetime hours ${ESP_LIFETIME_SECONDS / 3_600}`,
    `${gateway} authentication pre-shared-key key "${psk}"`,
    `${gateway} protocol version ikev2`,
    `${gateway} protocol ikev2 ike-crypto-profile ${name}`,
    `${gateway} protocol ikev2 dpd enable yes`,
    `${gateway} protocol ikev2 dpd interval ${DPD_INTERVAL_SECONDS}`,
    `${gateway} protocol-common nat-traversal enable yes`,
    `${gateway} protocol-common passive-mode no`,
    `${gateway} local-address interface ${uplinkInterface}`,
    `${gateway} peer-address ip ${cloudflareEndpoint}`,
    `${gateway} local-id type ${localId} id "${identity.type === "keyId" ? hex : identity.value}"`,
    `${ipsec} auto-key ike-gateway ${name}`,
    `${ipsec} auto-key ipsec-crypto-profile ${name}`,
    `${ipsec} tunnel-interface ${unit}`,
    `${ipsec} anti-replay no`,
    routingOf(tunnel, unit),
  ]);
}

// Two bytes are the default.
function hasFourByteAsn({ bgp }: VerifiedTunnel): boolean {
  return bgp !== undefined && Math.max(bgp.customerAsn, bgp.cloudflareAsn) > LAST_TWO_BYTE_ASN;
}

function routingOf(tunnel: VerifiedTunnel, unit: string): string[] {
  const { name, link, routes, bgp } = tunnel;
  const peer = `${ROUTER} protocol bgp peer-group ${name} peer cloudflare`;
  return [
    ...routes.flatMap(({ address, length }, index) => {
      const route = `${ROUTER} routing-table ip static-route ${unit}-${index + 1}`;
      return [`${route} destination ${address}/${length}`, `${route} interface ${unit}`];
    }),
    ...(bgp && link
      ? [
          `${ROUTER} protocol bgp enable yes`,
          `${ROUTER} protocol bgp install-route yes`,
          `${ROUTER} protocol bgp router-id ${link.router}`,
          ...(hasFourByteAsn(tunnel) ? [`${ROUTER} protocol bgp routing-options as-format 4-byte`] : []),
          `${ROUTER} protocol bgp local-as ${bgp.customerAsn}`,
          `${ROUTER} protocol bgp peer-group ${name} enable yes`,
          `${ROUTER} protocol bgp peer-group ${name} type ebgp`,
          `${peer} enable yes`,
          `${peer} peer-as ${bgp.cloudflareAsn}`,
          `${peer} local-address interface ${unit}`,
          `${peer} local-address ip ${link.router}/${link.length}`,
          `${peer} peer-address ip ${link.cloudflare}`,
        ]
      : []),
  ];
}
