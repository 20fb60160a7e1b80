import { COMPATIBLE_WITH } from "../../src/cloud-vpns";
import { MAX_ATTEMPTS } from "../../src/cloudflare/retry";
import { IpsecTunnelPskError } from "../../src/errors";
import { type Dialect, DIALECTS } from "../../src/gateways/dialects";
import { renderGatewayConfig } from "../../src/gateways/render-gateway-config";
import { ROUTER_KEYS } from "../../src/gateways/router-keys";
import schema from "../../src/native/schema.json";
import { CONNECTION_SETTINGS, DEFAULTS, readSettings, SETTING_NAMES, settingKey } from "../../src/connection/settings";
import { MAX_INCOMPATIBLE_KEYS } from "../../src/psk/compatibility";
import { INPUT_NAMES } from "../../src/psk/inputs";
import { DEFAULT_LIMITS } from "../../src/psk/limits";
import { VERSIONS } from "../gateways/versions";
import { membersOf, propertyOfEach, stringsOf } from "./declarations";
import { codeIn, type Node, PAGES, readPage, tableBelow, textOf } from "./markdown";

const RESOURCE = "src/program/ipsec-tunnel-psk.ts";
const reference = readPage("docs/reference.md");

const namesIn = (rows: readonly Node[][]) => rows.flatMap(([first]) => codeIn(first));
const textAt = (row: readonly Node[], column: number) =>
  row
    .slice(column, column + 1)
    .map(textOf)
    .join();

describe("the table of outputs in docs/reference.md", () => {
  const rows = tableBelow(reference, "Outputs");

  it("has every output of IpsecTunnelPsk that is not only an input, and no other", () => {
    const inputs: readonly string[] = INPUT_NAMES;
    const properties = membersOf(RESOURCE, "IpsecTunnelPsk").map(({ name }) => name);
    // The key is an output in any case, and an input if the program gives it.
    const outputs = properties.filter((name) => name === "psk" || !inputs.includes(name));

    expect(outputs).toContain("psk");
    expect(namesIn(rows).sort()).toEqual(outputs.sort());
  });

  it("explains every status", () => {
    const status = rows.find(([first]) => codeIn(first).includes("status"));
    const explained = codeIn(status?.[1]).filter((code) => code.startsWith('"'));

    expect(explained).toEqual(stringsOf("src/psk/state.ts", "PskStatus").map((text) => `"${text}"`));
  });
});

describe.each([
  ["docs/deliver-to-routers.md", "Choose a dialect"],
  ["docs/deliver-to-routers.md", "Turn on post-quantum key exchange"],
  ["docs/what-was-proved.md", "Router configurations"],
  ["docs/what-was-proved.md", "The vendors' own grammars"],
])("the table of dialects in %s", (page, heading) => {
  it("has a row for each dialect", () => {
    expect(namesIn(tableBelow(readPage(page), heading))).toEqual(Object.keys(DIALECTS));
  });
});

describe("the table of post-quantum key exchange in docs/deliver-to-routers.md", () => {
  const rows = tableBelow(readPage("docs/deliver-to-routers.md"), "Turn on post-quantum key exchange");
  const hybrid = {
    ...{ name: "branch-1", psk: "fake-key-for-tests-only", fqdnId: "b.33145236.ipsec.cloudflare.com" },
    ...{ cloudflareEndpoint: "203.0.113.1", uplinkInterface: "wan1", interfaceAddress: "10.252.2.90/31" },
    additionalKeyExchange: "mlkem768",
  } as const;
  const problemsOf = (dialect: Dialect, routerVersion: string) => {
    try {
      renderGatewayConfig(dialect, { ...hybrid, routerVersion });
      return [];
    } catch (error) {
      return ((error as IpsecTunnelPskError).details.problems ?? []).map(({ property }) => property);
    }
  };

  it("says what each dialect refuses, and the first version that it does not", () => {
    const documented = rows.map((row) => [textAt(row, 0), /^Refused|[\d.]+/.exec(textAt(row, 1))?.[0]]);

    for (const [dialect, version] of documented as [Dialect, string | undefined][]) {
      const refused = version === "Refused";
      expect([dialect, problemsOf(dialect, VERSIONS[dialect])]).toEqual([
        dialect,
        refused ? ["additionalKeyExchange"] : [],
      ]);
      if (!refused && version !== undefined) expect(version).toBe(VERSIONS[dialect]);
    }
  });
});

describe("the table of routers' keys in docs/deliver-to-routers.md", () => {
  it("has a row for each router of which something is documented", () => {
    const routers = tableBelow(readPage("docs/deliver-to-routers.md"), "Keys that a router alters or refuses").map(
      ([first]) => (first === undefined ? "" : textOf(first)),
    );

    expect(routers).toEqual(expect.arrayContaining(Object.keys(ROUTER_KEYS)));
  });
});

describe("the table of cloud VPNs in docs/deliver-to-cloud-vpns.md", () => {
  const rows = tableBelow(readPage("docs/deliver-to-cloud-vpns.md"), "Check that the cloud accepts the key");
  const shares = propertyOfEach("src/cloud-vpns.ts", "CLOUD_VPNS", "share");

  it("has a row for each cloud", () => {
    expect(Object.keys(shares)).toContain("aws");
    expect(namesIn(rows).sort()).toEqual(Object.keys(shares).sort());
  });

  it("has their shares of the keys that Cloudflare generates", () => {
    const documented = rows.map((row) => [textAt(row, 0), textAt(row, 2)]);
    const inWords = (share: number) => (share === 1 ? "all" : `${Math.round(100 * share)}%`);

    expect(documented).toEqual(rows.map((row) => [textAt(row, 0), inWords(Number(shares[textAt(row, 0)]))]));
  });

  it("recommends compatibleWith for those that it accepts", () => {
    const remedies = rows.flatMap((row) => codeIn(row[3]));

    expect(remedies).toEqual(COMPATIBLE_WITH.map((cloud) => `compatibleWith: ["${cloud}"]`));
  });
});

const lastPart = (token: string) => token.split(":").at(-1);

describe("the settings of a process", () => {
  const rows = tableBelow(reference, "Settings");
  const defaults = Object.fromEntries(SETTING_NAMES.map((name) => [name, DEFAULTS[name]]));
  // A number with its unit, or a word.
  const valueIn = (text = "") => JSON.parse(/^\S+/.exec(text)?.[0] ?? "null") as unknown;
  const mentioned = PAGES.flatMap(({ path, text }) =>
    [...text.matchAll(/cloudflare-ipsec-psk:(\w+)/g)].map(([, name]) => ({ path, name })),
  );

  it("have a row each in docs/reference.md, with their defaults", () => {
    const documented = rows.map((row) => [textAt(row, 0), valueIn(textAt(row, 1))]);

    expect(Object.fromEntries(documented)).toEqual(defaults);
    expect(documented).toHaveLength(SETTING_NAMES.length);
  });

  it("are said there to have a least value if 0 is refused", () => {
    const documented = namesIn(rows.filter((row) => /; \d+ or more$/.test(textAt(row, 2))));

    expect(documented).toEqual(SETTING_NAMES.filter((name) => typeof DEFAULTS[name] === "number" && refusesZero(name)));
  });

  it("have their defaults in their doc comments", () => {
    const names: readonly string[] = SETTING_NAMES;
    const members = [
      ...membersOf("src/psk/limits.ts", "Limits"),
      ...membersOf("src/connection/settings.ts", "ProviderSettings"),
    ];
    const documented = members.map(({ name, defaultsTo }) => [name, valueIn(defaultsTo)] as const);

    expect(Object.fromEntries(documented.filter(([name]) => names.includes(name)))).toEqual(defaults);
  });

  it("exist, wherever one is named", () => {
    const credentials = CONNECTION_SETTINGS;
    const native = ["index", ...Object.keys({ ...schema.resources, ...schema.functions }).map(lastPart)];
    const names: readonly (string | undefined)[] = [...SETTING_NAMES, ...credentials, ...native];

    expect(mentioned).not.toEqual([]);
    expect(mentioned.filter(({ name }) => !names.includes(name))).toEqual([]);
  });
});

describe("the pages say how often it is done:", () => {
  it.each([
    ["sending a call that never took effect", /\b(\d+) attempts\b/g, MAX_ATTEMPTS],
    [
      "generating after a lost or overwritten key",
      /\b(?:generated(?: again,)? (\d+) times in all|(\d+) generations in all)/g,
      DEFAULT_LIMITS.maxGenerations,
    ],
    ["reading a replica that lags behind", /\b(?:read (\d+) times|(\d+) reads)\b/g, DEFAULT_LIMITS.maxReads],
    ["generating until the key is compatible", /\bat most (\d+) (?:times|keys)\b/gi, MAX_INCOMPATIBLE_KEYS],
  ])("%s", (_what, pattern, times) => {
    const said = PAGES.flatMap(({ text }) =>
      [...text.matchAll(pattern)].map(([, ...digits]) => Number(digits.join(""))),
    );

    expect([...new Set(said)]).toEqual([times]);
  });
});

function refusesZero(name: (typeof SETTING_NAMES)[number]): boolean {
  try {
    readSettings((key) => (key === settingKey(name) ? "0" : undefined));
    return false;
  } catch (error) {
    return error instanceof IpsecTunnelPskError;
  }
}
