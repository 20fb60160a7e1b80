// A hand-written resource with the official client: no validation, no verification. Credentials come from the environment.
const pulumi = require("@pulumi/pulumi");
const Cloudflare = require("cloudflare");

const provider = {
  async create({ accountId, ipsecTunnelId }) {
    const { magicTransit } = new Cloudflare();
    const { psk } = await magicTransit.ipsecTunnels.pskGenerate(ipsecTunnelId, { account_id: accountId });
    return { id: ipsecTunnelId, outs: { accountId, ipsecTunnelId, psk } };
  },
};

class TunnelPsk extends pulumi.dynamic.Resource {
  constructor(name, args) {
    super(provider, name, { psk: undefined, ...args }, { additionalSecretOutputs: ["psk"] });
  }
}

exports.declare = (name, args) => new TunnelPsk(name, args);
