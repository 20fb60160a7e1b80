import { MAX_TRIES } from "../../src/cloudflare/retry";
import { IpsecTunnelPskError } from "../../src/errors";
import { ROUTER_KEYS } from "../../src/gateways/router-keys";
import { DIALECTS } from "../../src/gateways/dialects";
import { COMPATIBLE_WITH } from "../../src/cloud-vpns";
import { MAX_TRIES as MAX_UNSUITED } from "../../src/psk/compatibility";
import { DEFAULT_LIMITS } from "../../src/psk/limits";
import { DEFAULTS, readSettings, SETTING_NAMES, settingKey } from "../../src/provider/settings";
import { membersOf, propertyOfEach, stringsOf } from "./declarations";
import { codeIn, type Node, PAGES, readPage, tableBelow, textOf } from "./markdown";

const readme = readPage("README.md");
const inputs = membersOf("src/pulumi/ipsec-tunnel-psk.ts", "IpsecTunnelPskArgs");

const namesIn = (rows: readonly Node[][]) => rows.flatMap(([first]) => codeIn(first));
const textAt = (row: readonly Node[], column: number) =>
  row
    .slice(column, column + 1)
    .map(textOf)
    .join();

describe("README's table of inputs", () => {
  const rows = tableBelow(readme, "Inputs");

  it("has a row for each argument of IpsecTunnelPsk, in their order", () => {
    expect(namesIn(rows)).toEqual(inputs.map(({ name }) => name));
  });

  it("has their defaults", () => {
    const documented = rows.map((row) => textAt(row, row.length - 1).replace(/:.*$/, ""));
    const plain = (text: string) => text.replace(/:.*$/, "").replaceAll("`", "");

    expect(documented).toEqual(
      inputs.map(({ isOptional, defaultsTo }) => (isOptional ? plain(defaultsTo ?? "") : "required")),
    );
  });
});

describe("README's table of outputs", () => {
  const rows = tableBelow(readme, "Outputs");

  it("has every output of IpsecTunnelPsk that is no input, and none besides", () => {
    const properties = membersOf("src/pulumi/ipsec-tunnel-psk.ts", "IpsecTunnelPsk").map(({ name }) => name);
    const outputs = properties.filter((name) => !inputs.some((input) => input.name === name));

    expect(outputs).toContain("psk");
    expect(namesIn(rows).sort()).toEqual(outputs.sort());
  });

  it("explains every status", () => {
    const status = rows.find(([first]) => codeIn(first).includes("status"));
    const explained = codeIn(status?.[1]).filter((code) => code.startsWith('"'));

    expect(explained).toEqual(stringsOf("src/psk/state.ts", "PskStatus").map((text) => `"${text}"`));
  });
});

describe("README's table of far ends", () => {
  it("has a row for each dialect", () => {
    expect(namesIn(tableBelow(readme, "Far ends"))).toEqual(Object.keys(DIALECTS));
  });
});

describe("the table of routers' keys in docs/far-ends.md", () => {
  it("has a row for each router of which something is documented", () => {
    const routers = tableBelow(readPage("docs/far-ends.md"), "Keys that a router alters or refuses").map(([first]) =>
      first === undefined ? "" : textOf(first),
    );

    expect(routers).toEqual(expect.arrayContaining(Object.keys(ROUTER_KEYS)));
  });
});

describe("the table of cloud VPNs in docs/far-ends.md", () => {
  const rows = tableBelow(readPage("docs/far-ends.md"), "Cloud VPNs");
  const shares = propertyOfEach("src/psk/cloud-vpns.ts", "CLOUD_VPNS", "share");

  it("has a row for each cloud", () => {
    expect(Object.keys(shares)).toContain("aws");
    expect(namesIn(rows).sort()).toEqual(Object.keys(shares).sort());
  });

  it("has their shares of the keys that Cloudflare generates", () => {
    const documented = rows.map((row) => [textAt(row, 0), textAt(row, 2)]);
    const inWords = (share: number) => (share === 1 ? "all" : `${Math.round(100 * share)} %`);

    expect(documented).toEqual(rows.map((row) => [textAt(row, 0), inWords(Number(shares[textAt(row, 0)]))]));
  });

  it("has compatibleWith for those that it takes", () => {
    const remedies = rows.flatMap((row) => codeIn(row[3]));

    expect(remedies).toEqual(COMPATIBLE_WITH.map((cloud) => `compatibleWith: ["${cloud}"]`));
  });
});

describe("the settings of a process", () => {
  const rows = tableBelow(readPage("docs/operating.md"), "Settings");
  const mentioned = PAGES.flatMap(({ path, text }) =>
    [...text.matchAll(/cloudflare-ipsec-psk:(\w+)/g)].map(([, name]) => ({ path, name })),
  );

  it("have a row each in docs/operating.md, with their defaults", () => {
    const documented = rows.map((row) => [textAt(row, 0), Number.parseInt(textAt(row, 1))]);

    expect(Object.fromEntries(documented)).toEqual(DEFAULTS);
    expect(documented).toHaveLength(SETTING_NAMES.length);
  });

  it("are said there to be 1 or more where 0 is refused", () => {
    const documented = namesIn(rows.filter((row) => textAt(row, 2).endsWith("; 1 or more")));

    expect(documented).toEqual(SETTING_NAMES.filter(refusesZero));
  });

  it("have their defaults in their doc comments", () => {
    const own = membersOf("src/pulumi/settings.ts", "ProviderSettings");
    const documented = [...membersOf("src/psk/limits.ts", "Limits"), ...own].map(({ name, defaultsTo }) => [
      name,
      Number.parseInt(defaultsTo ?? ""),
    ]);

    expect(Object.fromEntries(documented)).toEqual(DEFAULTS);
  });

  it("exist, wherever one is named", () => {
    const names: readonly (string | undefined)[] = SETTING_NAMES;

    expect(mentioned).not.toEqual([]);
    expect(mentioned.filter(({ name }) => !names.includes(name))).toEqual([]);
  });
});

describe("the pages say how often it is done:", () => {
  it.each([
    ["a call that never took effect", /\btried (\d+) times/g, MAX_TRIES],
    [
      "a lost or overwritten generation",
      /\bgenerated (?:again, )?(\d+) times in all/g,
      DEFAULT_LIMITS.maxGenerations,
    ],
    ["a read that lags behind", /\bread (\d+) times/g, DEFAULT_LIMITS.maxReads],
    ["a generation until the key suits", /\bat most (\d+) times/g, MAX_UNSUITED],
  ])("%s", (_what, pattern, times) => {
    const said = PAGES.flatMap(({ text }) => [...text.matchAll(pattern)].map(([, digits]) => Number(digits)));

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
