// The smallest provider that Pulumi's public API allows: the minimum cost of `pulumi.dynamic.Resource`.
const pulumi = require("@pulumi/pulumi");

const provider = { create: async () => ({ id: "no-op" }) };

class NoOp extends pulumi.dynamic.Resource {
  constructor(name) {
    super(provider, name, {});
  }
}

exports.declare = (name) => new NoOp(name);
exports.provider = provider;
