/** A mistake of one word. */
export interface Mutation {
  /** Words of one command, which some text has. */
  readonly from: string;
  readonly to: string;
}

/** Mistakes that the grammar of FortiOS must catch. */
export const FORTIOS_MUTATIONS = mutations(
  ["config vpn ipsec phase1-interface", "config vpn ipsec phase1-interfaces"],
  ["config system interface", "config system interfaces"],
  ["config router static6", "config router static-6"],
  ["config neighbor", "config neigbor"],
  ["edit 0", "edit default"],
  ["set ike-version 2", "set ike-version 3"],
  ["set keylife 86400", "set keylife 24h"],
  ["set peertype any", "set peertype anyone"],
  ["set net-device enable", "set netdevice enable"],
  ["set proposal aes256gcm-prfsha256", "set proposal aes256gcm-sha256"],
  ["set dhgrp 20", "set dhgrp 22"],
  ["set addke1 36", "set addke1 38"],
  ["set childless-ike enable", "set childless-ike yes"],
  ["set localid-type fqdn", "set localid-type hostname"],
  ["set dpd on-idle", "set dpd restart"],
  ["set dpd-retryinterval", "set dpd-interval"],
  ["set remote-gw", "set remote-gateway"],
  ["set psksecret", "set psk"],
  ["set phase1name", "set phase1-name"],
  ["set replay disable", "set anti-replay disable"],
  ["set keylifeseconds", "set lifetimeseconds"],
  ["set src-addr-type subnet6", "set src-addr-type ipv6"],
  ["set remote-ip", "set remote-address"],
  ["set allowaccess ping", "set allowaccess icmp"],
  ["set tcp-mss 1360", "set tcp-mss clamp"],
  ["set ip6-address", "set ipv6-address"],
  ["set asymroute-icmp enable", "set asymroute-icmp on"],
  ["set remote-as", "set peer-as"],
);

/** Mistakes that the grammar of PAN-OS must catch. */
export const PANOS_MUTATIONS = mutations(
  ["set network profiles interface-management-profile", "set network profile interface-management-profile"],
  ["cloudflare-ping ping yes", "cloudflare-ping icmp yes"],
  ["set network interface tunnel units", "set network interface tunnel unit"],
  ["interface-management-profile cloudflare-ping", "management-profile cloudflare-ping"],
  ["network layer3", "network l3"],
  ["hash sha256", "hash sha-256"],
  ["dh-group group20", "dh-group group22"],
  ["encryption aes-256-cbc", "encryption aes256"],
  ["lifetime hours 24", "lifetime hour 24"],
  ["esp authentication sha256", "esp hash sha256"],
  ["authentication pre-shared-key key", "authentication preshared-key key"],
  ["protocol version ikev2", "protocol version v2"],
  ["ikev2 ike-crypto-profile", "ikev2 crypto-profile"],
  ["dpd enable yes", "dpd enable true"],
  ["dpd interval 30", "dpd interval 30s"],
  ["protocol-common nat-traversal enable", "protocol-common nat-t enable"],
  ["protocol-common passive-mode no", "protocol-common passive-mode off"],
  ["local-address interface", "local-address iface"],
  ["peer-address ip", "peer-address address"],
  ["local-id type fqdn", "local-id type hostname"],
  ["auto-key ike-gateway", "auto-key gateway"],
  ["auto-key ipsec-crypto-profile", "auto-key crypto-profile"],
  ["tunnel-interface tunnel.", "interface tunnel."],
  ["anti-replay no", "anti-replay disable"],
  ["routing-table ip static-route", "routing-table static-route"],
  ["protocol bgp install-route yes", "protocol bgp install-routes yes"],
  ["routing-options as-format 4-byte", "routing-options as-format four-byte"],
  ["protocol bgp local-as", "protocol bgp as"],
  ["type ebgp", "type external"],
  ["peer-as", "remote-as"],
);

/** Mistakes that it cannot catch: it has no lengths, ranges or forms of values, and does not follow names. */
export const PANOS_OUT_OF_REACH = mutations(
  ["lifetime hours 24", "lifetime hours 2400"],
  ["ikev2 ike-crypto-profile branch-1", "ikev2 ike-crypto-profile another"],
  ["virtual-router default", "virtual-router another"],
  ["tunnel units tunnel.", "tunnel units ethernet."],
  ["peer-address ip 203.0.113.", "peer-address ip 203.0.113.999."],
  ["interface-management-profile cloudflare-ping", "interface-management-profile another"],
  ["protocol bgp local-as 65010", "protocol bgp local-as 65010x"],
);

function mutations(...pairs: readonly (readonly [from: string, to: string])[]): readonly Mutation[] {
  return pairs.map(([from, to]) => ({ from, to }));
}
