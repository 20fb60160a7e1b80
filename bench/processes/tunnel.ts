/** The tunnel in every call of the clients. */
export const TUNNEL = {
  accountId: "0123456789abcdef0123456789abcdef",
  ipsecTunnelId: "89abcdef0123456789abcdef01234567",
};
