import { maskOf, type Prefix } from "./addresses";
import {
  ADDITIONAL_KEY_EXCHANGES,
  type AdditionalKeyExchange,
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
  isLonger,
  type Rule,
  rule,
  text,
  UNTYPEABLE,
} from "./dialect";
import { ROUTER_KEYS } from "./router-keys";
import { isOlder } from "./router-version";
import { type GatewayConfigFields, IDENTITIES, remarksOn, type VerifiedTunnel } from "./tunnel";

const LOCALID_TYPE = { fqdn: "fqdn", userFqdn: "user-fqdn", keyId: "keyid" };

/**
 * Commands for FortiOS 7, route-based with the interface of its phase 1.
 *
 * Quoting: a value stands in double quotes, so quotes and `\` are refused. So are `?`, which asks for help, and `$`, which
 * starts a variable. FortiOS reads what follows `ENC` as encrypted, a key that starts with `0x` as hexadecimal, and one that
 * starts with `00x` as the text `0x…`. It also limits the length. All such keys are refused.
 *
 * @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/fortinet/
 * @see https://docs.fortinet.com/document/fortigate/7.0.0/cli-reference/370620
 * @see https://docs.fortinet.com/document/fortigate/7.6.6/administration-guide/229631/post-quantum-cryptography-for-ipsec-key-exchange
 * @see https://github.com/fortinet-ansible-dev/ansible-galaxy-fortios-collection
 */
export const fortios: DialectDefinition = {
  title: "a FortiOS configuration",
  routers: { name: "FortiOS", since: "7" },
  refusedKeys: [
    ...UNTYPEABLE,
    ...ROUTER_KEYS.FortiOS,
    [/["'\\]/, "not have a quote or backslash, because the key stands in double quotes"],
    [/\?/, "not have a question mark, because the command line reads it as a request for help"],
    [/\$/, "not have a dollar sign, because the command line expands variables"],
    [/^ENC( |$)/i, "not start with ENC, because FortiOS reads what follows as an encrypted key"],
  ],
  rules: (tunnel) => [
    rule(
      "name",
      !isLonger(tunnel.name, 15),
      "must have at most 15 characters, because FortiOS creates an interface of that name",
    ),
    rule(
      "name",
      tunnel.name === undefined || tunnel.name !== tunnel.uplinkInterface,
      "must differ from uplinkInterface, because FortiOS creates an interface of that name",
    ),
    ...IDENTITIES.map((field) =>
      rule(field, !isLonger(tunnel[field], 63), "must have at most 63 characters, because localid cannot hold more"),
    ),
    interfaceAddressRule(tunnel, "FortiOS"),
    rule(
      "uplinkInterface",
      tunnel.uplinkInterface !== undefined && !isLonger(tunnel.uplinkInterface, 15),
      "must be given, with at most 15 characters",
    ),
    featureRule(tunnel, "additionalKeyExchange", "Cloudflare has tested it with FortiOS 7.6.6 and later", "7.6.6"),
    versionRule(tunnel),
  ],
  render,
};

/** From this version on, FortiOS knows key exchanges by their names, and refuses their numbers. */
const NAMES_SINCE = "7.6.7";
const NAMES: Readonly<Record<AdditionalKeyExchange, string>> = { mlkem768: "ml-kem-768", mlkem1024: "ml-kem-1024" };

/** Returns the rule that the version is given if the words depend on it. */
function versionRule({ additionalKeyExchange, routerVersion }: Partial<GatewayConfigFields>): Rule {
  return rule(
    "routerVersion",
    typeof additionalKeyExchange !== "string" || routerVersion !== undefined,
    `must be given if additionalKeyExchange is, because FortiOS 7.6.6 spells ML-KEM-768 as addke1 36, and ${NAMES_SINCE} and later as addke1 ${NAMES.mlkem768}`,
    ["additionalKeyExchange"],
  );
}

function keyExchangeOf({ hybrid, routerVersion }: VerifiedTunnel): string[] {
  if (!hybrid) return [];
  const { method, isOptional } = hybrid;
  const [word, none] = isOlder(routerVersion, NAMES_SINCE)
    ? [ADDITIONAL_KEY_EXCHANGES[method].transformId, "0"]
    : [NAMES[method], "none"];
  return [
    `        set addke1 ${word}${isOptional ? ` ${none}` : ""}`,
    // With it, the keys of the first phase 2 have an exchange of their own.
    "        set childless-ike enable",
    "        set fragmentation enable",
  ];
}

function keyExchangeCommentsOn({ hybrid }: VerifiedTunnel): string[] {
  if (!hybrid) return [];
  return [
    `# ${ADDITIONAL_KEY_EXCHANGES[hybrid.method].title}: Cloudflare has tested it with FortiOS 7.6.6 and later. Before ${NAMES_SINCE}, addke1 takes numbers, from then on names.`,
    ...(hybrid.isOptional ? ["# Fortinet lists NONE among the values of addke1, but shows no example of it."] : []),
  ];
}

function render(tunnel: VerifiedTunnel): string {
  const { name, psk, identity, cloudflareEndpoint, customerEndpoint, uplinkInterface = "", link, link6 } = tunnel;
  return text([
    `# ${name}: IPsec tunnel to Cloudflare. It holds a pre-shared key.`,
    `# The tunnel does not come up until a firewall policy names "${name}": write the policies yourself.`,
    "# Health checks need asymroute-icmp.",
    // New Cloudflare accounts have one address for all of their tunnels.
    `# FortiOS may refuse a second tunnel to ${cloudflareEndpoint} from ${uplinkInterface}: set another interface or local-gw for that one.`,
    "# Since May 2026, Cloudflare accepts NAT traversal that starts on UDP 500: ike-port 4500 is not needed.",
    keyExchangeCommentsOn(tunnel),
    remarksOn(tunnel).map((remark) => `# ${remark}`),
    ["config system settings", "    set asymroute-icmp enable", "end"],
    "config vpn ipsec phase1-interface",
    `    edit "${name}"`,
    `        set interface "${uplinkInterface}"`,
    "        set ike-version 2",
    customerEndpoint === undefined ? [] : `        set local-gw ${customerEndpoint}`,
    `        set keylife ${IKE_LIFETIME_SECONDS}`,
    "        set peertype any",
    "        set net-device enable",
    "        set proposal aes256gcm-prfsha256",
    `        set dhgrp ${DH_GROUP_NUMBER}`,
    keyExchangeOf(tunnel),
    `        set localid-type ${LOCALID_TYPE[identity.type]}`,
    `        set localid "${identity.value}"`,
    "        set auto-negotiate enable",
    "        set nattraversal enable",
    "        set dpd on-idle",
    `        set dpd-retryinterval ${DPD_INTERVAL_SECONDS}`,
    `        set remote-gw ${cloudflareEndpoint}`,
    "        set add-gw-route enable",
    `        set psksecret "${psk}"`,
    ["    next", "end"],
    "config vpn ipsec phase2-interface",
    phase2(name, name, []),
    link6 ? phase2(`${name}-6`, name, ["src-addr-type subnet6", "dst-addr-type subnet6"]) : [],
    "end",
    "config system interface",
    `    edit "${name}"`,
    `        set ip ${link?.router ?? ""} 255.255.255.255`,
    `        set remote-ip ${link?.cloudflare ?? ""} ${maskOf(link?.length ?? 32)}`,
    "        set allowaccess ping",
    // One value for both families: the lower one suits both.
    `        set tcp-mss ${link6 ? TCP_MSS_IPV6 : TCP_MSS}`,
    link6
      ? [
          "        config ipv6",
          `            set ip6-address ${link6.router}/${link6.length}`,
          "            set ip6-allowaccess ping",
          "        end",
        ]
      : [],
    ["    next", "end"],
    routingOf(tunnel),
  ]);
}

function phase2(name: string, phase1: string, selectors: readonly string[]): string[] {
  const settings = [
    `phase1name "${phase1}"`,
    "proposal aes256gcm",
    "pfs enable",
    `dhgrp ${DH_GROUP_NUMBER}`,
    "replay disable",
    `keylifeseconds ${ESP_LIFETIME_SECONDS}`,
    "auto-negotiate enable",
    ...selectors,
  ];
  return [`    edit "${name}"`, ...settings.map((setting) => `        set ${setting}`), "    next"];
}

function routingOf(tunnel: VerifiedTunnel): string[] {
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
