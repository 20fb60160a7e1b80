"""Prints what the generated SDK has, by class: inputs, those that are required, and outputs."""

import inspect
import json

import pulumi_cloudflare_ipsec_psk as sdk


def shape(resource, arguments):
    parameters = list(inspect.signature(arguments.__init__).parameters.values())[1:]
    return {
        "inputs": [parameter.name for parameter in parameters],
        "required": [parameter.name for parameter in parameters if parameter.default is inspect.Parameter.empty],
        "outputs": [name for name, value in vars(resource).items() if isinstance(value, property)],
    }


print(
    json.dumps(
        {
            "IpsecTunnelPsk": shape(sdk.IpsecTunnelPsk, sdk.IpsecTunnelPskArgs),
            "GatewayConfig": shape(sdk.GatewayConfig, sdk.GatewayConfigArgs),
        }
    )
)
