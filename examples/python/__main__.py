import pulumi
from pulumi_cloudflare_ipsec_psk import Dialect, GatewayConfig, IpsecTunnelPsk

# Set with: pulumi config set accountId …
config = pulumi.Config()

key = IpsecTunnelPsk(
    "branch-1",
    account_id=config.require("accountId"),
    ipsec_tunnel_id=config.require("ipsecTunnelId"),
    # Any change here generates a new key at the next `pulumi up`.
    rotation_triggers={"quarter": "2026-Q4"},
)

router = GatewayConfig(
    "branch-1-router",
    dialect=Dialect.STRONGSWAN,
    name="branch-1",
    psk=key.psk,
    fqdn_id=key.fqdn_id,
    cloudflare_endpoint=config.require("cloudflareEndpoint"),
)

pulumi.export("psk", key.psk)  # [secret]
pulumi.export("lastGeneratedOn", key.last_generated_on)
pulumi.export("swanctl", router.text)  # [secret]
