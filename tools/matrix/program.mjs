// A user's program, which knows only the packages' names. It is also valid TypeScript; each cell chooses the file extension.
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { pskProblems } from "pulumi-cloudflare-ipsec-psk/gateways";
import { checkPsk, gatewayConfig, IpsecTunnelPsk } from "pulumi-cloudflare-ipsec-psk";

const { ACCOUNT_ID: accountId = "", TUNNEL_ID: ipsecTunnelId = "", CLI_ROOT: root } = process.env;

const declare = (quarter = "") => {
  const key = new IpsecTunnelPsk("branch-1", { accountId, ipsecTunnelId, rotationTriggers: { quarter } });
  const router = { name: "branch-1", psk: key.psk, fqdnId: key.fqdnId, cloudflareEndpoint: "203.0.113.10" };
  return {
    psk: checkPsk(key.psk, "markdown"),
    problems: key.psk.apply((psk) => pskProblems(psk, "markdown").join("; ") || "none"),
    status: key.status,
    file: gatewayConfig("markdown", router),
  };
};

const main = async () => {
  const pulumiCommand = await PulumiCommand.get({ ...(root && { root }), skipVersionCheck: true });
  const stack = await LocalWorkspace.createStack(
    { stackName: "dev", projectName: "user", program: async () => declare("2026-Q3") },
    { pulumiCommand },
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
