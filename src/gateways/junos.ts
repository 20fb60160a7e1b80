import {
  DH_GROUP_NUMBER,
  DPD_INTERVAL_SECONDS,
  ESP_LIFETIME_SECONDS,
  IKE_LIFETIME_SECONDS,
  TCP_MSS,
  TCP_MSS_IPV6,
} from "./cloudflare-ike";
import {
  type DialectDefinition,
  featureRule,
  interfaceAddressRule,
  isAbove,
  ownInterfaceRule,
  rule,
  text,
  UNTYPEABLE,
} from "./dialect";
import { ROUTER_KEYS } from "./router-keys";
import { remarksOn, type VerifiedTunnel } from "./tunnel";

const ZONE = "cloudflare";

/**
 * `set` commands for a Juniper SRX with Junos 23 or later, route-based with a secure tunnel interface.
 *
 * Quoting: the key stands in double quotes, so `"` and `\` are refused. So is a key that starts with `$8$` or `$9$`, which
 * Junos reads as an encrypted password, and a key that is too long for Junos.
 *
 * @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/juniper/
 * @see https://www.juniper.net/documentation/us/en/software/junos/cli-reference/topics/ref/statement/security-edit-policy-ike.html
 * @see https://github.com/Juniper/yang
 */
export const junos: DialectDefinition = {
  title: "a Junos configuration",
  routers: { name: "Junos", since: "23" },
  refusedKeys: [
    ...UNTYPEABLE,
    ...ROUTER_KEYS.Junos,
    [/["\\]/, "not have a double quote or backslash, because the key stands in double quotes"],
  ],
  rules: (tunnel) => [
    rule(
      "keyId",
      tunnel.keyId === undefined || tunnel.fqdnId !== undefined || tunnel.userFqdnId !== undefined,
      "must be left out, because local-identity has no key ID: give fqdnId or userFqdnId",
      ["fqdnId", "userFqdnId"],
    ),
    interfaceAddressRule(tunnel, "Junos"),
    ownInterfaceRule(tunnel, "st0."),
    rule(
      "uplinkInterface",
      tunnel.uplinkInterface !== undefined,
      "must be given, because Junos needs an external-interface",
    ),
    rule(
      "interfaceNumber",
      !isAbove(tunnel.interfaceNumber, 15_999),
      "must be below 16000, because Junos reserves the last units of st0",
    ),
    featureRule(tunnel, "additionalKeyExchange", "Junos has no ML-KEM for IKE according to its YANG models up to 24.4"),
  ],
  render,
};

function render(tunnel: VerifiedTunnel): string {
  const { name, psk, identity, cloudflareEndpoint, customerEndpoint, bgp } = tunnel;
  const unit = `st0.${tunnel.interfaceNumber}`;
  const ike = "set security ike";
  const ipsec = "set security ipsec";
  const services = `set security zones security-zone ${ZONE} interfaces ${unit} host-inbound-traffic`;
  return text([
    `# ${name}: IPsec tunnel to Cloudflare, for "load set terminal". It holds a pre-shared key.`,
    `# Write the policies between zone ${ZONE} and the other zones yourself, and allow IKE in the zone of the uplink:`,
    "#   host-inbound-traffic system-services ike",
    `# Junos may refuse a second gateway to ${cloudflareEndpoint} from ${tunnel.uplinkInterface ?? ""}: set another local-address for that one.`,
    remarksOn(tunnel).map((remark) => `# ${remark}`),
    addressesOf(tunnel),
    `${services} system-services ping`,
    bgp ? `${services} protocols bgp` : [],
    `${ike} proposal ${name} authentication-method pre-shared-keys`,
    `${ike} proposal ${name} dh-group group${DH_GROUP_NUMBER}`,
    `${ike} proposal ${name} authentication-algorithm sha-256`,
    `${ike} proposal ${name} encryption-algorithm aes-256-cbc`,
    `${ike} proposal ${name} lifetime-seconds ${IKE_LIFETIME_SECONDS}`,
    `${ike} policy ${name} proposals ${name}`,
    `${ike} policy ${name} pre-shared-key ascii-text "${psk}"`,
    `${ike} gateway ${name} ike-policy ${name}`,
    `${ike} gateway ${name} address ${cloudflareEndpoint}`,
    `${ike} gateway ${name} dead-peer-detection always-send`,
    `${ike} gateway ${name} dead-peer-detection interval ${DPD_INTERVAL_SECONDS}`,
    `${ike} gateway ${name} local-identity ${identity.type === "fqdn" ? "hostname" : "user-at-hostname"} "${identity.value}"`,
    `${ike} gateway ${name} external-interface ${tunnel.uplinkInterface ?? ""}`,
    customerEndpoint === undefined ? [] : `${ike} gateway ${name} local-address ${customerEndpoint}`,
    `${ike} gateway ${name} version v2-only`,
    `${ipsec} proposal ${name} protocol esp`,
    `${ipsec} proposal ${name} authentication-algorithm hmac-sha-256-128`,
    `${ipsec} proposal ${name} encryption-algorithm aes-256-cbc`,
    `${ipsec} proposal ${name} lifetime-seconds ${ESP_LIFETIME_SECONDS}`,
    `${ipsec} policy ${name} perfect-forward-secrecy keys group${DH_GROUP_NUMBER}`,
    `${ipsec} policy ${name} proposals ${name}`,
    `${ipsec} vpn ${name} bind-interface ${unit}`,
    `${ipsec} vpn ${name} ike gateway ${name}`,
    `${ipsec} vpn ${name} ike no-anti-replay`,
    `${ipsec} vpn ${name} ike ipsec-policy ${name}`,
    `${ipsec} vpn ${name} establish-tunnels immediately`,
    // One value for both families: the lower one suits both.
    `set security flow tcp-mss ipsec-vpn mss ${tunnel.link6 ? TCP_MSS_IPV6 : TCP_MSS}`,
    routingOf(tunnel, unit),
  ]);
}

function addressesOf({ link, link6, interfaceNumber }: VerifiedTunnel): string[] {
  const unit = `set interfaces st0 unit ${interfaceNumber}`;
  return [
    ...(link ? [`${unit} family inet address ${link.router}/${link.length}`] : []),
    ...(link6 ? [`${unit} family inet6 address ${link6.router}/${link6.length}`] : []),
  ];
}

function routingOf({ name, link, routes, bgp }: VerifiedTunnel, unit: string): string[] {
  const group = `set protocols bgp group ${name}`;
  return [
    ...routes.map(
      ({ family, address, length }) =>
        `set routing-options ${family === 6 ? "rib inet6.0 " : ""}static route ${address}/${length} next-hop ${unit}`,
    ),
    ...(bgp
      ? [
          `set routing-options autonomous-system ${bgp.customerAsn}`,
          `${group} type external`,
          `${group} peer-as ${bgp.cloudflareAsn}`,
          `${group} neighbor ${link?.cloudflare ?? ""}`,
        ]
      : []),
  ];
}
