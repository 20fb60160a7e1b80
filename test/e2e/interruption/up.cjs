// One `up` of the Automation API, in a process that may be killed. One message says what to do.
const process = require("node:process");
const pulumi = require("@pulumi/pulumi");
const { LocalWorkspace, PulumiCommand } = require("@pulumi/pulumi/automation");
const { IpsecTunnelPsk } = require("pulumi-cloudflare-ipsec-psk");

class NativeKey extends pulumi.CustomResource {
  constructor(name, args, opts) {
    super("cloudflare-ipsec-psk:index:IpsecTunnelPsk", name, args, opts);
  }
}

process.once("message", ({ accountId, keys, kind, stackName, projectName, cli, workspace, options }) => {
  const Key = kind === "native" ? NativeKey : IpsecTunnelPsk;
  const program = () => {
    const created = new Map();
    for (const { name, ipsecTunnelId, trigger, psk, after } of keys) {
      const args = { accountId, ipsecTunnelId, rotationTriggers: { trigger }, psk };
      created.set(name, new Key(name, args, after ? { dependsOn: created.get(after) } : {}));
    }
    return Promise.resolve();
  };
  void run(program).then(
    (text) => process.send({ succeeded: true, text }, () => process.disconnect()),
    (error) => process.send({ succeeded: false, text: String(error) }, () => process.disconnect()),
  );

  async function run(program) {
    const pulumiCommand = await PulumiCommand.get({ ...cli, skipVersionCheck: true });
    const stack = await LocalWorkspace.selectStack(
      { stackName, projectName, program },
      { ...workspace, pulumiCommand },
    );
    const { stdout } = await stack.up({ ...options, color: "never" });
    return stdout;
  }
});
