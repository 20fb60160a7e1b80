import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type Dialect, type GatewayConfigFields, renderGatewayConfig } from "../../src/gateways";
import { IpsecTunnelPskError } from "../../src/errors";
import { UPLINKS } from "../../test/gateways/uplinks";
import { LATER_VERSIONS, VERSIONS } from "../../test/gateways/versions";

/** One configuration, and where it comes from. */
export interface Text {
  /** A path from the repository's root, or "generated/7". */
  readonly file: string;
  readonly text: string;
  /** The router's version, if the description names one. */
  readonly version: string | undefined;
}

const SCENARIOS = "test/gateways/scenarios";
const ROOT = join(__dirname, "../..");

/** Returns the expected texts of all scenarios that a dialect does not refuse. */
export function scenarioTexts(dialect: Dialect, expected: string): Text[] {
  return readdirSync(join(ROOT, SCENARIOS)).flatMap((scenario) => {
    const file = `${SCENARIOS}/${scenario}/${expected}`;
    const text = readFileSync(join(ROOT, file), "utf8");
    const description = readFileSync(join(ROOT, SCENARIOS, scenario, "tunnel.json"), "utf8")
      .replace("<version>", VERSIONS[dialect])
      .replace("<later version>", LATER_VERSIONS[dialect]);
    const { routerVersion: version } = JSON.parse(description) as GatewayConfigFields;
    return text.startsWith("refused:") ? [] : [{ file, text, version }];
  });
}

/** Renders as many generated descriptions as are asked for, of those that a dialect accepts. The same seed repeats them. */
export function generatedTexts(dialect: Dialect, versions: readonly string[], count: number, seed: number): Text[] {
  const texts: Text[] = [];
  // Most are accepted. The limit is for a mistake in here.
  for (const description of fc.sample(descriptionOf(dialect, versions), { seed, numRuns: 20 * count })) {
    if (texts.length === count) return texts;
    const text = rendered(dialect, description);
    const file = `generated/${texts.length + 1}`;
    if (text !== undefined) texts.push({ file, text, version: description.routerVersion });
  }
  throw new Error(`Cannot generate texts: ${dialect} refuses too many descriptions`);
}

function rendered(dialect: Dialect, description: Partial<GatewayConfigFields>): string | undefined {
  try {
    return renderGatewayConfig(dialect, description);
  } catch (error) {
    if (error instanceof IpsecTunnelPskError) return undefined;
    throw error;
  }
}

function descriptionOf(dialect: Dialect, versions: readonly string[]): fc.Arbitrary<Partial<GatewayConfigFields>> {
  const even = (max: number) => fc.integer({ min: 0, max: Math.floor(max / 2) }).map((half) => 2 * half);
  const tunnelId = fc.stringMatching(/^[0-9a-f]{32}$/);
  const fqdnId = tunnelId.map((id) => `${id}.33145236.ipsec.cloudflare.com`);
  const required = {
    name: fc.stringMatching(/^[a-zA-Z][\w-]{0,14}$/),
    psk: fc.stringMatching(/^[A-Za-z1-9][\w-]{31,43}$/),
    cloudflareEndpoint: fc.integer({ min: 1, max: 254 }).map((host) => `203.0.113.${host}`),
    uplinkInterface: fc.constant(UPLINKS[dialect]),
    interfaceAddress: even(255).map((host) => `10.252.2.${host}/31`),
  };
  const optional = {
    customerEndpoint: fc.integer({ min: 1, max: 254 }).map((host) => `198.51.100.${host}`),
    interfaceAddress6: even(65_535).map((host) => `2001:db8:7::${host.toString(16)}/127`),
    routedPrefixes: fc.uniqueArray(
      fc.integer({ min: 1, max: 126 }).map((first) => `${first}.0.0.0/8`),
      { maxLength: 4 },
    ),
    customerAsn: fc.oneof(
      fc.integer({ min: 64_512, max: 65_534 }),
      fc.integer({ min: 4_200_000_000, max: 4_294_967_294 }),
    ),
    interfaceNumber: fc.integer({ min: 1, max: 9_999 }),
    additionalKeyExchange: fc.constantFrom("mlkem768" as const, "mlkem1024" as const),
    classicalFallback: fc.boolean(),
    routerVersion: fc.constantFrom(...versions),
  };
  const identity = fc.oneof(
    fc.record({ fqdnId }),
    fc.record({ userFqdnId: fqdnId.map((id) => `ipsec@${id}`) }),
    fc.record({ keyId: tunnelId.map((id) => `33145236_${id}`) }),
  );
  // Each is left out half of the time.
  const half = Object.entries(optional).map(([field, value]) => [field, fc.option<unknown>(value, { freq: 2 })]);
  const others = fc.record(Object.fromEntries(half) as Record<string, fc.Arbitrary<unknown>>);
  return fc
    .tuple(fc.record(required), others, identity)
    .map(([own, given, id]) => ({ ...own, ...id, ...withoutNulls(given) }));
}

function withoutNulls(fields: Readonly<Record<string, unknown>>): Partial<GatewayConfigFields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
