module branch-1

go 1.25

require github.com/pulumi/pulumi/sdk/v3 v3.259.0

replace pulumi-cloudflare-ipsec-psk/sdk => ./sdks/cloudflare-ipsec-psk
