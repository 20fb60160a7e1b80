import {
  DH_GROUP,
  DPD_INTERVAL_SECONDS,
  ESP_ENCRYPTION,
  ESP_LIFETIME_SECONDS,
  IKE_ENCRYPTION,
  IKE_INTEGRITY,
  IKE_LIFETIME_SECONDS,
  REPLAY_WINDOW,
} from "./cloudflare-ike";
import type { VerifiedTunnel } from "./tunnel";

/**
 * A `swanctl.conf` for strongSwan 5.8 or later, route-based with an XFRM interface.
 *
 * Quoting: strongSwan decodes a secret that starts with `0x` or `0s`, quoted or not, and `"`, `\`, `#` and `}` have a
 * meaning of their own. So the key is always written as `0s` and its Base64, which nothing in it can break.
 *
 * @see https://developers.cloudflare.com/cloudflare-wan/configuration/manually/third-party/strongswan/
 * @see https://docs.strongswan.org/docs/latest/swanctl/swanctlConf.html
 */
export function strongswan(tunnel: VerifiedTunnel): string {
  const { name, psk, fqdnId, cloudflareEndpoint, customerEndpoint = "%any", interfaceNumber } = tunnel;
  return `# ${name}: IPsec tunnel to Cloudflare. It holds a pre-shared key: keep it readable by root alone.
# Traffic enters the tunnel through an XFRM interface:
#   ip link add ipsec${interfaceNumber} type xfrm if_id ${interfaceNumber}
connections {
  ${name} {
    version = 2
    mobike = no
    local_addrs = ${customerEndpoint}
    remote_addrs = ${cloudflareEndpoint}
    proposals = ${IKE_ENCRYPTION}-${IKE_INTEGRITY}-${DH_GROUP}
    rekey_time = ${IKE_LIFETIME_SECONDS}s
    dpd_delay = ${DPD_INTERVAL_SECONDS}s
    if_id_in = ${interfaceNumber}
    if_id_out = ${interfaceNumber}
    local {
      auth = psk
      id = ${fqdnId}
    }
    remote {
      auth = psk
      id = ${cloudflareEndpoint}
    }
    children {
      ${name} {
        esp_proposals = ${ESP_ENCRYPTION}-${DH_GROUP}
        rekey_time = ${ESP_LIFETIME_SECONDS}s
        replay_window = ${REPLAY_WINDOW}
        local_ts = 0.0.0.0/0
        remote_ts = 0.0.0.0/0
        start_action = start
        dpd_action = restart
        close_action = start
      }
    }
  }
}
secrets {
  ike-${name} {
    id-1 = ${fqdnId}
    secret = 0s${Buffer.from(psk, "utf8").toString("base64")}
  }
}
`;
}
