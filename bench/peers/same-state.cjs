// Stores the same state as this package but validates, sends and verifies nothing: the engine's own cost of that state.
const pulumi = require("@pulumi/pulumi");
const { PROVIDER_TEXT } = require("../../dist/dynamic/provider-text");

const SAME_LENGTH = `exports.handler=()=>require(process.cwd()+"/bench/peers/same-state.cjs").provider`.padEnd(
  PROVIDER_TEXT.length,
);

exports.provider = {
  create: async ({ accountId, ipsecTunnelId }) => ({
    id: `${accountId}/${ipsecTunnelId}`,
    outs: {
      accountId,
      ipsecTunnelId,
      psk: "0123456789abcdefghijklmnopqrstuv",
      lastGeneratedOn: "2026-01-02T03:04:05.678901234Z",
      ipsecId: `12345678_${ipsecTunnelId}`,
      status: "active",
      stateVersion: 1,
    },
  }),
};

class SameState extends pulumi.CustomResource {
  constructor(name, args) {
    const props = { ...args, __provider: SAME_LENGTH, psk: undefined };
    const options = { additionalSecretOutputs: ["psk"], hideDiffs: ["__provider"] };
    super("pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk", name, props, options);
  }
}

exports.declare = (name, args) => new SameState(name, args);
