import {
  DH_GROUP_NUMBER,
  DPD_INTERVAL_SECONDS,
  ESP_LIFETIME_SECONDS,
  IKE_LIFETIME_SECONDS,
  REPLAY_WINDOW,
  TCP_MSS,
  TCP_MSS_IPV6,
} from "./cloudflare-ike";
import {
  type DialectDefinition,
  featureRule,
  includeRule,
  interfaceAddressRule,
  ownInterfaceRule,
  text,
  UNTYPEABLE,
} from "./dialect";
import { ROUTER_KEYS } from "./router-keys";
import { remarksOn, type VerifiedTunnel } from "./tunnel";

/**
 * `set` commands for VyOS 1.4 or later, route-based with a VTI.
 *
 * Quoting: a value stands in single quotes, which nothing escapes, and VyOS copies it as it is between double quotes in
 * a swanctl.conf, where `"` and `\` have a meaning and a secret that starts with `0x` or `0s` is decoded. So all of
 * these are refused, and so is `?`, which asks the command line for help. VyOS documents no length.
 *
 * @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/vyos/
 * @see https://docs.vyos.io/en/latest/configuration/vpn/ipsec/site2site_ipsec.html
 */
export const vyos: DialectDefinition = {
  title: "a VyOS configuration",
  routers: { name: "VyOS", since: "1.4" },
  refusedKeys: [
    ...UNTYPEABLE,
    ...ROUTER_KEYS.strongSwan,
    [/'/, "not have a single quote, because VyOS has no escape for it"],
    [/["\\]/, "not have a double quote or backslash, because VyOS copies them unescaped into a swanctl.conf"],
    [/\?/, "not have a question mark, because the command line reads it as a request for help"],
  ],
  rules: (tunnel) => [
    includeRule(tunnel),
    interfaceAddressRule(tunnel, "VyOS"),
    ownInterfaceRule(tunnel, "vti"),
    // Its dh-group 34 is ML-KEM alone.
    featureRule(
      tunnel,
      "additionalKeyExchange",
      "VyOS is not hybrid: it has ML-KEM only in place of group 20, and Cloudflare requires both",
    ),
  ],
  render,
};

function render(tunnel: VerifiedTunnel): string {
  const { name, psk, identity, cloudflareEndpoint, customerEndpoint = "any", uplinkInterface } = tunnel;
  const vti = `vti${tunnel.interfaceNumber}`;
  // VyOS passes the identity to strongSwan, which sends a bare key ID as another type of identity.
  const id = identity.type === "keyId" ? `keyid:${identity.value}` : identity.value;
  const ike = `set vpn ipsec ike-group ${name}`;
  const esp = `set vpn ipsec esp-group ${name}`;
  const peer = `set vpn ipsec site-to-site peer ${name}`;
  return text([
    `# ${name}: IPsec tunnel to Cloudflare, for VyOS 1.4 or later. It holds a pre-shared key.`,
    remarksOn(tunnel).map((remark) => `# ${remark}`),
    interfaceOf(tunnel, vti),
    `${ike} key-exchange 'ikev2'`,
    `${ike} lifetime '${IKE_LIFETIME_SECONDS}'`,
    `${ike} proposal 1 encryption 'aes256'`,
    `${ike} proposal 1 hash 'sha256'`,
    `${ike} proposal 1 dh-group '${DH_GROUP_NUMBER}'`,
    `${ike} dead-peer-detection action 'restart'`,
    `${ike} dead-peer-detection interval '${DPD_INTERVAL_SECONDS}'`,
    `${ike} close-action 'start'`,
    `${ike} disable-mobike`,
    `${esp} lifetime '${ESP_LIFETIME_SECONDS}'`,
    `${esp} mode 'tunnel'`,
    `${esp} pfs 'dh-group${DH_GROUP_NUMBER}'`,
    `${esp} proposal 1 encryption 'aes256gcm128'`,
    // GCM uses no hash, but VyOS requires one.
    `${esp} proposal 1 hash 'sha256'`,
    "set vpn ipsec options disable-route-autoinstall",
    uplinkInterface === undefined ? [] : `set vpn ipsec interface '${uplinkInterface}'`,
    `set vpn ipsec authentication psk ${name} id '${id}'`,
    `set vpn ipsec authentication psk ${name} id '${cloudflareEndpoint}'`,
    `set vpn ipsec authentication psk ${name} secret '${psk}'`,
    `${peer} authentication mode 'pre-shared-secret'`,
    `${peer} authentication local-id '${id}'`,
    `${peer} authentication remote-id '${cloudflareEndpoint}'`,
    `${peer} connection-type 'initiate'`,
    `${peer} ike-group '${name}'`,
    `${peer} local-address '${customerEndpoint}'`,
    `${peer} remote-address '${cloudflareEndpoint}'`,
    `${peer} replay-window '${REPLAY_WINDOW}'`,
    `${peer} vti bind '${vti}'`,
    `${peer} vti esp-group '${name}'`,
    routingOf(tunnel, vti),
  ]);
}

function interfaceOf({ link, link6 }: VerifiedTunnel, vti: string): string[] {
  return [
    ...[link, link6].flatMap((ends) =>
      ends ? [`set interfaces vti ${vti} address '${ends.router}/${ends.length}'`] : [],
    ),
    `set interfaces vti ${vti} ip adjust-mss '${TCP_MSS}'`,
    ...(link6 ? [`set interfaces vti ${vti} ipv6 adjust-mss '${TCP_MSS_IPV6}'`] : []),
  ];
}

function routingOf({ link, routes, bgp }: VerifiedTunnel, vti: string): string[] {
  const neighbor = `set protocols bgp neighbor ${link?.cloudflare ?? ""}`;
  return [
    ...routes.map(
      ({ family, address, length }) =>
        `set protocols static route${family === 6 ? "6" : ""} ${address}/${length} interface ${vti}`,
    ),
    ...(bgp
      ? [
          `set protocols bgp system-as '${bgp.customerAsn}'`,
          `${neighbor} remote-as '${bgp.cloudflareAsn}'`,
          `${neighbor} address-family ipv4-unicast`,
        ]
      : []),
  ];
}
