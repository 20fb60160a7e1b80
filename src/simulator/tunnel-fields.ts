/**
 * The fields of a tunnel that the API accepts and shows again: all except the key.
 *
 * @see https://developers.cloudflare.com/api/resources/magic_transit/subresources/ipsec_tunnels/methods/create/
 */
export const TUNNEL_FIELDS = [
  "name",
  "cloudflare_endpoint",
  "customer_endpoint",
  "interface_address",
  "interface_address6",
  "description",
  "replay_protection",
  "automatic_return_routing",
  "bgp",
  "custom_remote_identities",
  "health_check",
] as const;
