package main

import (
	psk "pulumi-cloudflare-ipsec-psk/sdk/cloudflareipsecpsk"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func branch1(ctx *pulumi.Context) error {
	// Set with: pulumi config set accountId …
	settings := config.New(ctx, "")

	key, err := psk.NewIpsecTunnelPsk(ctx, "branch-1", &psk.IpsecTunnelPskArgs{
		AccountId:     pulumi.String(settings.Require("accountId")),
		IpsecTunnelId: pulumi.String(settings.Require("ipsecTunnelId")),
		// Any change here generates a new key at the next `pulumi up`.
		RotationTriggers: pulumi.StringMap{"quarter": pulumi.String("2026-Q4")},
	})
	if err != nil {
		return err
	}

	router, err := psk.NewGatewayConfig(ctx, "branch-1-router", &psk.GatewayConfigArgs{
		Dialect:            psk.DialectStrongswan,
		Name:               pulumi.String("branch-1"),
		Psk:                key.Psk,
		FqdnId:             key.FqdnId,
		CloudflareEndpoint: pulumi.String(settings.Require("cloudflareEndpoint")),
	})
	if err != nil {
		return err
	}

	ctx.Export("psk", key.Psk) // [secret]
	ctx.Export("lastGeneratedOn", key.LastGeneratedOn)
	ctx.Export("swanctl", router.Text) // [secret]
	return nil
}
