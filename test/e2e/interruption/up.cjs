// One `up` of the Automation API, in a process that may be killed. One message says what to do.
const process = require("node:process");
const { LocalWorkspace, PulumiCommand } = require("@pulumi/pulumi/automation");
const { IpsecTunnelPsk } = require("pulumi-cloudflare-ipsec-psk");

process.once("message", ({ accountId, keys, stackName, projectName, cli, workspace, options }) => {
  const program = () => {
    const created = new Map();
    for (const { name, ipsecTunnelId, trigger, after } of keys) {
      const args = { accountId, ipsecTunnelId, rotationTriggers: { trigger } };
      created.set(name, new IpsecTunnelPsk(name, args, after ? { dependsOn: created.get(after) } : {}));
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
