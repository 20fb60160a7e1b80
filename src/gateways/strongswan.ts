import {
  ADDITIONAL_KEY_EXCHANGES,
  DH_GROUP,
  DPD_INTERVAL_SECONDS,
  ESP_ENCRYPTION,
  ESP_LIFETIME_SECONDS,
  IKE_ENCRYPTION,
  IKE_INTEGRITY,
  IKE_LIFETIME_SECONDS,
  REPLAY_WINDOW,
  TCP_MSS,
  TCP_MSS_IPV6,
} from "./cloudflare-ike";
import { type DialectDefinition, featureRule, includeRule } from "./dialect";
import { remarksOn, type VerifiedTunnel } from "./tunnel";

/**
 * A `swanctl.conf` for strongSwan 5.8 or later, route-based with an XFRM interface. ML-KEM needs 6.0.2.
 *
 * Quoting: strongSwan decodes a secret that starts with `0x` or `0s`, quoted or not, and `"`, `\`, `#` and `}` have a
 * meaning of their own. So the key is always written as `0s` and its Base64, which is safe for every key. No length is
 * documented.
 *
 * @see https://developers.cloudflare.com/cloudflare-wan/configuration/third-party/strongswan/
 * @see https://docs.strongswan.org/docs/latest/swanctl/swanctlConf.html
 * @see https://docs.strongswan.org/docs/latest/config/proposals.html
 * @see https://github.com/strongswan/strongswan/releases/tag/6.0.2
 */
export const strongswan: DialectDefinition = {
  title: "a strongSwan configuration",
  routers: { name: "strongSwan", since: "5.8" },
  refusedKeys: [],
  rules: (tunnel) => [
    includeRule(tunnel),
    featureRule(tunnel, "additionalKeyExchange", "strongSwan has ML-KEM from 6.0.2 on", "6.0.2"),
  ],
  render,
};

function render(tunnel: VerifiedTunnel): string {
  const { name, psk, identity, cloudflareEndpoint, customerEndpoint = "%any", interfaceNumber } = tunnel;
  // Without the prefix, strongSwan would send the key ID as another type of identity.
  const id = identity.type === "keyId" ? `keyid:${identity.value}` : identity.value;
  const everything = tunnel.link6 ? "0.0.0.0/0,::/0" : "0.0.0.0/0";
  return `# ${name}: IPsec tunnel to Cloudflare. It holds a pre-shared key: keep it readable by root alone.
# Traffic enters the tunnel through an XFRM interface:
#   ip link add ipsec${interfaceNumber} type xfrm if_id ${interfaceNumber}
${commentsOn(tunnel)}${commentsOnDaemon(name)}connections {
  ${name} {
    version = 2
    mobike = no
    local_addrs = ${customerEndpoint}
    remote_addrs = ${cloudflareEndpoint}
    proposals = ${IKE_ENCRYPTION}-${IKE_INTEGRITY}-${DH_GROUP}${keyExchangeOf(tunnel)}
    keyingtries = 0
    rekey_time = ${IKE_LIFETIME_SECONDS}s
    dpd_delay = ${DPD_INTERVAL_SECONDS}s
    local {
      auth = psk
      id = ${id}
    }
    remote {
      auth = psk
      id = ${cloudflareEndpoint}
    }
    children {
      ${name} {
        esp_proposals = ${ESP_ENCRYPTION}-${DH_GROUP}
        if_id_in = ${interfaceNumber}
        if_id_out = ${interfaceNumber}
        rekey_time = ${ESP_LIFETIME_SECONDS}s
        replay_window = ${REPLAY_WINDOW}
        local_ts = ${everything}
        remote_ts = ${everything}
        start_action = start
        dpd_action = restart
        close_action = start
      }
    }
  }
}
secrets {
  ike-${name} {
    id-1 = ${id}
    secret = 0s${Buffer.from(psk, "utf8").toString("base64")}
  }
}
`;
}

/**
 * How many seconds charon waits for a response before it gives up: `timeout` × (`base`⁰ + … + `base`^`tries`).
 *
 * @see https://docs.strongswan.org/docs/latest/config/retransmission.html
 */
const GIVES_UP_AFTER_SECONDS = { byDefault: 165, ifSet: 24 };

// What the daemon does, which no setting of a connection changes.
function commentsOnDaemon(name: string): string {
  const { byDefault, ifSet } = GIVES_UP_AFTER_SECONDS;
  return `# If Cloudflare stops responding, strongSwan restarts the tunnel within ${DPD_INTERVAL_SECONDS + byDefault} s, or within ${DPD_INTERVAL_SECONDS + ifSet} s if the section charon of
# strongswan.conf has retransmit_tries = 3, retransmit_timeout = 2 and retransmit_base = 1.8, for all connections.
# If Cloudflare accepts the key but refuses the child, strongSwan does not try again by itself. Fix the cause, then run:
#   swanctl --initiate --ike ${name} --child ${name}
`;
}

/** Returns the end of the proposal, and the fragmentation that the longer messages need, even if its default changes. */
function keyExchangeOf({ hybrid }: VerifiedTunnel): string {
  if (!hybrid) return "";
  return `-ke1_${hybrid.method}${hybrid.isOptional ? "-ke1_none" : ""}
    fragmentation = yes`;
}

// strongSwan does not configure addresses, routes, the MSS and BGP: they stand in comments.
function commentsOn(tunnel: VerifiedTunnel): string {
  const { link, link6, routes, bgp } = tunnel;
  const device = `ipsec${tunnel.interfaceNumber}`;
  const commands = [link, link6].flatMap((ends) =>
    ends ? [`ip addr add ${ends.router}/${ends.length} dev ${device}`] : [],
  );
  const addressed = commands.length > 0 ? [...commands, `ip link set ${device} up`] : [];
  const routed = routes.map(
    ({ family, address, length }) => `ip -${family} route add ${address}/${length} dev ${device}`,
  );
  const peering =
    bgp && link
      ? [
          `# BGP runs beside strongSwan: local AS ${bgp.customerAsn}, neighbor ${link.cloudflare} in AS ${bgp.cloudflareAsn}.`,
        ]
      : [];
  const mss = link6 ? `${TCP_MSS} (IPv6: ${TCP_MSS_IPV6})` : TCP_MSS;
  const clamp = link
    ? [`# strongSwan does not clamp the MSS of TCP: let the firewall set it to at most ${mss} on ${device}.`]
    : [];
  const hybrid = tunnel.hybrid
    ? [
        `# ${ADDITIONAL_KEY_EXCHANGES[tunnel.hybrid.method].title} needs strongSwan 6.0.2 or later, with OpenSSL 3.5 or the plugin ml.`,
        "# strongSwan is not among the routers that Cloudflare has tested with ML-KEM.",
      ]
    : [];
  const remarks = remarksOn(tunnel).map((remark) => `# ${remark}`);
  return [...[...addressed, ...routed].map((command) => `#   ${command}`), ...clamp, ...peering, ...hybrid, ...remarks]
    .map((line) => `${line}\n`)
    .join("");
}
