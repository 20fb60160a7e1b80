import fc from "fast-check";
import { strongswan } from "../../src/gateways/strongswan";
import type { VerifiedTunnel } from "../../src/gateways/tunnel";

const tunnel: VerifiedTunnel = {
  name: "branch-1",
  psk: "fake-key-for-tests-only",
  fqdnId: "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com",
  cloudflareEndpoint: "203.0.113.1",
  interfaceNumber: 1,
};
const SECRET = /^ {4}secret = (.*)$/gm;

// Keys of any letters, with what strongSwan reads otherwise put in front of half of them.
const anyKey = fc
  .tuple(
    fc.constantFrom("", "", "0x", "0X", "0s", "0S", '"', "'", "#", "}", "\\", "\n", " ", "="),
    fc.string({ unit: "binary" }),
  )
  .map(([start, rest]) => start + rest)
  .filter((key) => key !== "");

describe("strongswan()", () => {
  it("writes any key so that strongSwan reads the same bytes", () => {
    fc.assert(fc.property(anyKey, (psk) => decode(secretIn(psk)).equals(Buffer.from(psk, "utf8"))));
  });

  it("writes a key so that no character of it can have another meaning", () => {
    fc.assert(fc.property(anyKey, (psk) => /^0s[A-Za-z0-9+/]+={0,2}$/.test(secretIn(psk))));
  });

  it("writes the same file around any key", () => {
    const around = (psk: string) => strongswan({ ...tunnel, psk }).replace(SECRET, "");
    const expected = around("another-fake-key");

    fc.assert(fc.property(anyKey, (psk) => around(psk) === expected));
  });
});

/** What stands behind the one line that has the secret. */
function secretIn(psk: string): string {
  const [line, ...more] = strongswan({ ...tunnel, psk }).matchAll(SECRET);
  if (line?.[1] === undefined || more.length > 0) throw new Error("The file has not exactly one line with a secret");
  return line[1];
}

/** As strongSwan loads a secret: `0x` is hexadecimal and `0s` Base64, in either case; the rest is taken as it is. */
function decode(secret: string): Buffer {
  if (/^0x/i.test(secret)) return Buffer.from(secret.slice(2), "hex");
  if (/^0s/i.test(secret)) return Buffer.from(secret.slice(2), "base64");
  return Buffer.from(secret, "utf8");
}
