import { maskOf, type Prefix } from "./addresses";
import {
  ADDITIONAL_KEY_EXCHANGES,
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
  ownInterfaceRule,
  rule,
  text,
  UNTYPEABLE,
} from "./dialect";
import { remarksOn, type VerifiedTunnel } from "./tunnel";

/** In bytes. Cisco's own example; 68 to 1500 are allowed. */
const IKE_FRAGMENT_MTU = 1_400;
const LOCAL_IDENTITY = { fqdn: "fqdn", userFqdn: "email", keyId: "key-id" };

/**
 * A configuration for Cisco IOS-XE 17 or later, route-based with a static VTI. IPv6 inside the tunnel needs 17.8, and ML-KEM
 * 26.1.1, according to Cisco's YANG models.
 *
 * Quoting: the key stands bare after `pre-shared-key`, to the end of the word. There is no escape, so space, quotes,
 * `\` and `?` are refused, and so is a key that the command line would read as a keyword. Cisco documents no length.
 *
 * @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/cisco-ios-xe/
 * @see https://www.cisco.com/c/en/us/td/docs/ios-xml/ios/sec_conn_ike2vpn/configuration/xe-3s/sec-flex-vpn-xe-3s-book/sec-cfg-flex-serv.html
 * @see https://www.cisco.com/c/en/us/td/docs/ios-xml/ios/sec_conn_ike2vpn/configuration/xe-3s/sec-flex-vpn-xe-3s-book/sec-cfg-ikev2-flex.html
 * @see https://www.cisco.com/c/en/us/td/docs/routers/ios-xe/security-vpn/security-vpn/m-pqc-ikev2.html
 * @see https://github.com/YangModels/yang/tree/main/vendor/cisco/xe
 */
export const ciscoIosXe: DialectDefinition = {
  title: "a Cisco IOS-XE configuration",
  routers: { name: "IOS-XE", since: "17" },
  refusedKeys: [
    ...UNTYPEABLE,
    [/ /, "not have a space, because IOS-XE ends the key there"],
    [/["'\\]/, "not have a quote or backslash, because Cisco does not document how IOS-XE reads them"],
    [/\?/, "not have a question mark, because the command line reads it as a request for help"],
    [
      /^([06]|l(o(c(al?)?)?)?|r(e(m(o(te?)?)?)?)?|h(ex?)?)$/i,
      "not be 0, 6 or the start of local, remote or hex, because IOS-XE reads it as a keyword",
    ],
  ],
  rules: (tunnel) => [
    rule(
      "name",
      // Keywords are read in any case.
      !/^default$/i.test(String(tunnel.name)),
      "must not be default, because IOS-XE has a proposal, a policy, a transform set and a profile of that name",
    ),
    interfaceAddressRule(tunnel, "IOS-XE"),
    ownInterfaceRule(tunnel, "Tunnel"),
    rule(
      "uplinkInterface",
      tunnel.customerEndpoint !== undefined || tunnel.uplinkInterface !== undefined,
      "must be given if customerEndpoint is not, because a tunnel needs a source",
      ["customerEndpoint"],
    ),
    featureRule(tunnel, "interfaceAddress6", "IOS-XE has tunnel mode ipsec dual-overlay from 17.8 on", "17.8"),
    featureRule(tunnel, "additionalKeyExchange", "IOS-XE has ML-KEM from 26.1.1 on", "26.1.1"),
  ],
  render,
};

function render(tunnel: VerifiedTunnel): string {
  const { name, psk, identity, cloudflareEndpoint, link, link6, hybrid } = tunnel;
  const source = tunnel.customerEndpoint ?? tunnel.uplinkInterface ?? "";
  return text([
    `! ${name}: IPsec tunnel to Cloudflare. It holds a pre-shared key.`,
    link6
      ? [
          "! IPv6 inside the tunnel (tunnel mode ipsec dual-overlay) needs IOS-XE 17.8 or later.",
          "! IPv6 is forwarded only if ipv6 unicast-routing is on.",
        ]
      : [],
    `! IOS-XE may refuse a second tunnel to ${cloudflareEndpoint} from the same source: set another tunnel source for that one.`,
    "! Since May 2026, Cloudflare accepts NAT traversal that starts on UDP 500: nat force-encap is not needed.",
    keyExchangeCommentsOn(tunnel),
    remarksOn(tunnel).map((remark) => `! ${remark}`),
    hybrid ? [`crypto ikev2 fragmentation mtu ${IKE_FRAGMENT_MTU}`, "!"] : [],
    `crypto ikev2 proposal ${name}`,
    " encryption aes-cbc-256",
    " integrity sha256",
    ` group ${DH_GROUP_NUMBER}`,
    hybrid ? ` pqc ${hybrid.method}${hybrid.isOptional ? " optional" : ""}` : [],
    "!",
    `crypto ikev2 policy ${name}`,
    " match fvrf any",
    ` proposal ${name}`,
    "!",
    `crypto ikev2 keyring ${name}`,
    ` peer ${name}`,
    `  address ${cloudflareEndpoint}`,
    `  pre-shared-key ${psk}`,
    "!",
    `crypto ikev2 profile ${name}`,
    ` match identity remote address ${cloudflareEndpoint} 255.255.255.255`,
    ` identity local ${LOCAL_IDENTITY[identity.type]} ${identity.value}`,
    " authentication remote pre-share",
    " authentication local pre-share",
    ` keyring local ${name}`,
    ` lifetime ${IKE_LIFETIME_SECONDS}`,
    ` dpd ${DPD_INTERVAL_SECONDS} 5 periodic`,
    " no config-exchange request",
    "!",
    `crypto ipsec transform-set ${name} esp-gcm 256`,
    " mode tunnel",
    "!",
    `crypto ipsec profile ${name}`,
    ` set security-association lifetime seconds ${ESP_LIFETIME_SECONDS}`,
    " set security-association lifetime kilobytes disable",
    " set security-association replay disable",
    ` set transform-set ${name}`,
    ` set pfs group${DH_GROUP_NUMBER}`,
    ` set ikev2-profile ${name}`,
    "!",
    `interface Tunnel${tunnel.interfaceNumber}`,
    link ? ` ip address ${link.router} ${maskOf(link.length)}` : [],
    ` ip tcp adjust-mss ${TCP_MSS}`,
    link6 ? [` ipv6 address ${link6.router}/${link6.length}`, ` ipv6 tcp adjust-mss ${TCP_MSS_IPV6}`] : [],
    ` tunnel source ${source}`,
    ` tunnel mode ipsec ${link6 ? "dual-overlay" : "ipv4"}`,
    ` tunnel destination ${cloudflareEndpoint}`,
    ` tunnel protection ipsec profile ${name}`,
    "!",
    routingOf(tunnel),
    "end",
  ]);
}

function keyExchangeCommentsOn({ hybrid }: VerifiedTunnel): string[] {
  if (!hybrid) return [];
  const { title } = ADDITIONAL_KEY_EXCHANGES[hybrid.method];
  return [
    `! ${title} needs IOS-XE 26.1.1 or later. crypto ikev2 fragmentation applies to every IKEv2 peer of the router.`,
    "! Another crypto ikev2 policy of this VRF may come first: show crypto ikev2 sa says what was negotiated.",
    ...(hybrid.method === "mlkem1024" ? [] : ["! Cloudflare has tested IOS-XE with ML-KEM-1024 only."]),
  ];
}

function routingOf({ link, routes, bgp, interfaceNumber }: VerifiedTunnel): string[] {
  const route = ({ family, address, length }: Prefix) =>
    family === 4 ? `ip route ${address} ${maskOf(length)}` : `ipv6 route ${address}/${length}`;
  const neighbor = ` neighbor ${link?.cloudflare ?? ""}`;
  return [
    ...routes.map((prefix) => `${route(prefix)} Tunnel${interfaceNumber}`),
    ...(bgp
      ? [
          `router bgp ${bgp.customerAsn}`,
          `${neighbor} remote-as ${bgp.cloudflareAsn}`,
          " address-family ipv4",
          ` ${neighbor} activate`,
          " exit-address-family",
          "!",
        ]
      : []),
  ];
}
