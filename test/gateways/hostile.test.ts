import fc from "fast-check";
import { type Dialect, type GatewayConfigFields, renderGatewayConfig } from "../../src/gateways";
import { IpsecTunnelPskError } from "../../src/errors";
import { everythingIn } from "../support/failure-of";
import { READERS } from "./parsers";
import type { Reading } from "./parsers/reading";
import { without } from "./without";

const dialects = Object.keys(READERS) as Dialect[];
const fqdnId = "fedcba9876543210fedcba9876543210.33145236.ipsec.cloudflare.com";
const tunnel: GatewayConfigFields = {
  name: "branch-1",
  psk: "fake-key-for-tests-only",
  fqdnId,
  cloudflareEndpoint: "203.0.113.1",
  uplinkInterface: "wan1",
  interfaceAddress: "10.252.2.90/31",
};

// Texts that a dialect reads as something else, before, inside or after other text.
const TRAPS = [
  ...[
    "0x",
    "0X6b",
    "00x6b",
    "0s",
    "0Sa2V5",
    "$8$",
    "$9$",
    "ENC ",
    "enc",
    "-AQ==",
    "local",
    "6",
    "he",
    "{{",
    "}",
    ";",
    "|",
  ],
  ...[
    '"',
    "'",
    "\\",
    '\\"',
    "?",
    "#",
    "!",
    " ",
    "\t",
    "\n",
    "\r",
    "\0",
    "`",
    "````",
    "$",
    "$(id)",
    "é",
    "\u{1F511}",
    "\ud800",
  ],
];
const trap = fc.constantFrom(...TRAPS);
const anyText = fc.oneof(fc.string({ unit: "binary", maxLength: 8 }), fc.string({ unit: "grapheme-ascii" }));
const anything = fc
  .tuple(fc.oneof(trap, fc.constant("")), anyText, fc.oneof(trap, fc.constant("")))
  .map((parts) => parts.join(""));
const hostile = fc.oneof(trap, anything).filter((text) => text !== "");
// Names that a router reads as something else; the last one is the uplink's.
const reserved = fc.constantFrom("include", "default", "wan1");
// Long enough for every router.
const hostileKey = fc.oneof(
  hostile,
  hostile.map((text) => `fake-key${text}`),
  hostile.map((text) => `${text}fake-key`),
);
// At both sides of every length that a vendor documents.
const LENGTHS = [1, 5, 6, 128, 129, 255, 256].map((length) => "f".repeat(length));
// The form of a key that Cloudflare generates, without a leading 0x or 0s.
const generated = fc.stringMatching(/^[A-Za-z1-9_-][A-Za-z0-9_-]{31,63}$/);

/** Returns what the router reads, or `undefined` if the renderer refused; a refusal never contains the key. */
function readBack(dialect: Dialect, change: Partial<GatewayConfigFields>): Reading | undefined {
  const given = { ...tunnel, ...change };
  let text: string;
  try {
    text = renderGatewayConfig(dialect, given);
  } catch (error) {
    if (!(error instanceof IpsecTunnelPskError) || error.code !== "ERR_INVALID_GATEWAY") throw error;
    // Not short keys, and not words with punctuation, which a refusal may contain by chance.
    if (given.psk.length > 8 && !/^[a-z ",.:(){}-]*$/i.test(given.psk))
      expect(everythingIn(error)).not.toContain(given.psk);
    return undefined;
  }
  return READERS[dialect](text);
}

describe.each(dialects)("renderGatewayConfig(%s), read back as the router does", (dialect) => {
  const expected: Reading = { name: tunnel.name, psk: tunnel.psk, identity: { type: "fqdn", value: fqdnId } };

  it("keeps the key, or refuses it", () => {
    fc.assert(
      fc.property(hostileKey, (psk) => {
        const reading = readBack(dialect, { psk });
        if (reading) expect(reading).toEqual({ ...expected, psk });
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([...LENGTHS, ...TRAPS.flatMap((text) => [text, `${text}fake-key`, `fake-key${text}`, `fake${text}key`])])(
    "keeps or refuses %j",
    (psk) => {
      const reading = readBack(dialect, { psk });

      expect(reading ?? { ...expected, psk }).toEqual({ ...expected, psk });
    },
  );

  it("accepts every key of the form that Cloudflare generates", () => {
    fc.assert(
      fc.property(generated, (psk) => {
        expect(readBack(dialect, { psk })).toEqual({ ...expected, psk });
      }),
    );
  });

  it("keeps the name and the identity, or refuses them", () => {
    const identity = fc.oneof(
      fc.record({ fqdnId: fc.oneof(hostile, fc.domain(), fc.ipV4(), fc.constant("10.0.0.1-10.0.0.9")) }),
      fc.record({
        userFqdnId: fc.oneof(
          hostile,
          fc.domain().map((domain) => `ipsec@${domain}`),
        ),
        fqdnId: fc.constant(undefined),
      }),
      fc.record({
        keyId: fc.oneof(hostile, fc.stringMatching(/^\d{1,9}_[0-9a-f]{32}$/)),
        fqdnId: fc.constant(undefined),
      }),
    );
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(hostile, reserved, fc.stringMatching(/^[a-z][\w-]{0,31}$/)), identity, (name, ids) => {
        const change = Object.fromEntries(Object.entries({ name, ...ids }).filter(([, value]) => value !== undefined));
        let reading: Reading | undefined;
        try {
          reading = READERS[dialect](renderGatewayConfig(dialect, { ...without(tunnel, "fqdnId"), ...change }));
        } catch (error) {
          if (!(error instanceof IpsecTunnelPskError)) throw error;
          return;
        }
        accepted += 1;
        const [given] = Object.entries(ids).flatMap(([field, value]) =>
          value === undefined ? [] : [{ field, value }],
        );
        const type = given?.field === "keyId" ? "keyId" : given?.field.replace(/Id$/, "");
        expect({ name: reading.name, identity: reading.identity }).toEqual({
          name,
          identity: { type, value: given?.value },
        });
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(10);
  });
});
