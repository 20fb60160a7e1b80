// A user's program with the native provider, which knows only names and the folder of the plugin.
import { CustomResource } from "@pulumi/pulumi";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { pskProblems } from "pulumi-cloudflare-ipsec-psk/gateways";

const { ACCOUNT_ID: accountId = "", TUNNEL_ID: ipsecTunnelId = "", CLI_ROOT: root } = process.env;
const PACKAGE = "cloudflare-ipsec-psk";

class Resource extends CustomResource {
  constructor(type, name, args, outputs) {
    super(`${PACKAGE}:index:${type}`, name, { ...Object.fromEntries(outputs.map((output) => [output])), ...args });
  }
}

const declare = (quarter) => {
  const args = { accountId, ipsecTunnelId, rotationTriggers: { quarter } };
  const key = new Resource("IpsecTunnelPsk", "branch-1", args, ["psk", "status", "fqdnId"]);
  const { psk, fqdnId, status } = key;
  const router = { dialect: "markdown", name: "branch-1", psk, fqdnId, cloudflareEndpoint: "203.0.113.10" };
  return {
    psk,
    problems: psk.apply((key) => pskProblems(key, "markdown").join("; ") || "none"),
    status,
    file: new Resource("GatewayConfig", "branch-1-router", router, ["text"]).text,
  };
};

const main = async () => {
  const pulumiCommand = await PulumiCommand.get({ ...(root && { root }), skipVersionCheck: true });
  const path = `${process.cwd()}/node_modules/pulumi-cloudflare-ipsec-psk/plugin`;
  const projectSettings = { name: "user", runtime: "nodejs", plugins: { providers: [{ name: PACKAGE, path }] } };
  const stack = await LocalWorkspace.createStack(
    { stackName: "dev", projectName: "user", program: async () => declare("2026-Q3") },
    { pulumiCommand, projectSettings },
  );
  const preview = await stack.preview();
  const created = await stack.up();
  const rotated = await stack.up({ program: async () => declare("2026-Q4") });
  const refreshed = await stack.refresh();
  await stack.destroy();
  const { resources = [] } = (await stack.exportStack()).deployment;
  const report = {
    preview: preview.stdout,
    created: created.outputs,
    rotated: rotated.outputs,
    refreshed: refreshed.summary.resourceChanges,
    remaining: resources.length,
  };
  process.stdout.write(JSON.stringify(report));
};

main().catch((error) => {
  process.stderr.write(String(error));
  process.exitCode = 1;
});
