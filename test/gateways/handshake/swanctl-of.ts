import type { Connection } from "../parsers/reading";

const ID_PREFIX = { fqdn: "fqdn", userFqdn: "email", keyId: "keyid" };

/** Writes a swanctl.conf with which strongSwan negotiates like the router whose configuration was read. */
export function swanctlOf(connection: Connection): string {
  const { name, psk, identity, localAddress = "%any", remoteAddress, remoteId = "%any", ike, esp } = connection;
  const id = `${ID_PREFIX[identity.type]}:${identity.value}`;
  return `connections {
  ${name} {
    version = 2
    mobike = no
    local_addrs = ${localAddress}
    remote_addrs = ${remoteAddress}
    proposals = ${ike.proposal}
    rekey_time = ${ike.lifetimeSeconds}s
    childless = ${connection.isChildless ? "prefer" : "allow"}
    local {
      auth = psk
      id = ${id}
    }
    remote {
      auth = psk
      id = ${remoteId}
    }
    children {
      ${name} {
        esp_proposals = ${esp.proposal}
        rekey_time = ${esp.lifetimeSeconds}s
        local_ts = 0.0.0.0/0
        remote_ts = 0.0.0.0/0
        start_action = ${connection.initiates ? "start" : "none"}
      }
    }
  }
}
secrets {
  ike-${name} {
    id-1 = ${id}
    secret = 0s${Buffer.from(psk).toString("base64")}
  }
}
`;
}
