// The built plugin, with preview validation and verification, as an SDK that Pulumi generates would declare its resource.
const pulumi = require("@pulumi/pulumi");

const OUTPUTS = {
  psk: undefined,
  lastGeneratedOn: undefined,
  ipsecId: undefined,
  status: undefined,
  supersededOn: undefined,
  nextRotationOn: undefined,
  fqdnId: undefined,
  userFqdnId: undefined,
  keyId: undefined,
};

class IpsecTunnelPsk extends pulumi.CustomResource {
  constructor(name, args) {
    super("cloudflare-ipsec-psk:index:IpsecTunnelPsk", name, { ...OUTPUTS, ...args });
  }
}

exports.declare = (name, args) => new IpsecTunnelPsk(name, args);
