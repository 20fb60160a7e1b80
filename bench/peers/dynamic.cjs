// The built package, with preview validation and verification.
const { IpsecTunnelPsk } = require("pulumi-cloudflare-ipsec-psk");

exports.declare = (name, args) => new IpsecTunnelPsk(name, args);
