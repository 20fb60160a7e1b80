import type { RefusedKey } from "./dialect";

/**
 * Keys that a router refuses or reads as another key, even if nothing has to be quoted: a form in a browser reads them as
 * the command line does. Each list has everything that the vendor documents.
 */
export const ROUTER_KEYS = {
  /** No length is documented. @see https://docs.strongswan.org/docs/latest/swanctl/swanctlConf.html */
  strongSwan: [
    [/^0[xs]/i, "not start with 0x or 0s, because strongSwan decodes what follows as hexadecimal or Base64"],
  ],
  /**
   * @see https://docs.fortinet.com/document/fortigate/7.0.11/administration-guide/560886
   * @see https://community.fortinet.com/t5/FortiGate/Technical-Tip-How-to-configure-psksecret-starting-with-0x/ta-p/259618
   */
  FortiOS: [
    ofLength(6, 128, "FortiOS"),
    [/^0x/i, "not start with 0x, because FortiOS reads what follows as hexadecimal"],
    [/^00x/i, "not start with 00x, because FortiOS drops the first 0"],
  ],
  /**
   * The length is that of its YANG model.
   * @see https://github.com/Juniper/yang
   * @see https://www.juniper.net/documentation/us/en/software/junos/cli-reference/topics/ref/statement/security-edit-policy-ike.html
   */
  Junos: [
    ofLength(1, 255, "Junos"),
    [/^\$[89]\$/, "not start with $8$ or $9$, because Junos reads it as an encrypted password"],
  ],
  /** @see https://github.com/PaloAltoNetworks/pan-os-codegen/blob/main/specs/network/ike-gateway.yaml */
  "PAN-OS": [
    ofLength(1, 255, "PAN-OS"),
    [/^-AQ==/, "not start with -AQ==, because PAN-OS reads it as an encrypted key"],
  ],
  /** No length is documented. @see https://help.mikrotik.com/docs/display/ROS/IPsec */
  RouterOS: [[/^0x/i, "not start with 0x, because RouterOS reads what follows as hexadecimal"]],
  /** @see http://help.sonicwall.com/help/sw/eng/9300/26/2/3/content/VPN_Settings.085.07.htm */
  SonicOS: [[/^.{0,3}$/su, "have at least 4 characters, because SonicOS refuses a shorter one"]],
} as const satisfies Readonly<Record<string, readonly RefusedKey[]>>;

function ofLength(least: number, most: number, router: string): RefusedKey {
  const other = new RegExp(`^(.{0,${least - 1}}|.{${most + 1},})$`, "su");
  return [other, `have ${least} to ${most} characters, because ${router} refuses a shorter or longer one`];
}
