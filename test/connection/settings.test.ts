import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MAX_ATTEMPTS, retryDelayMs } from "../../src/cloudflare/retry";
import { IpsecTunnelPskError } from "../../src/errors";
import {
  PROVIDER_NAME_KEY,
  configKey,
  DEFAULTS,
  INTERNAL_VARIABLE,
  readSettings,
  SETTING_NAMES,
  settingKey,
} from "../../src/connection/settings";
import { failureOf } from "../support/failure-of";

const config = (values: Readonly<Record<string, string>>) => (key: string) => values[key];

describe("configKey()", () => {
  it("returns the key of @pulumi/cloudflare", () => {
    expect(configKey("apiToken")).toBe("cloudflare:apiToken");
  });
});

describe("SETTING_NAMES", () => {
  it("lists what users may set", () => {
    expect(SETTING_NAMES).toEqual([
      "operationTimeoutMs",
      "lostResponseWaitMs",
      "requestTimeoutMs",
      "maxPreviewValidations",
      "previewTimeoutMs",
      "detectDrift",
    ]);
  });
});

const NUMBERS = SETTING_NAMES.filter((name) => name !== "detectDrift");
const leastOf = (name: (typeof SETTING_NAMES)[number]) => (name === "requestTimeoutMs" ? 1_000 : 0);

describe("readSettings()", () => {
  it("returns the defaults if nothing is set", () => {
    expect(readSettings(config({}))).toEqual({
      operationTimeoutMs: 300_000,
      lostResponseWaitMs: 10_000,
      lagWaitMs: 1_000,
      maxReads: 5,
      maxGenerations: 4,
      requestTimeoutMs: 50_000,
      backoffMs: 1_000,
      batchWaitMs: 2_000,
      maxPreviewValidations: 60,
      previewTimeoutMs: 10_000,
      detectDrift: true,
    });
  });

  it.each(NUMBERS)("reads %s from its key, and keeps the other defaults", (name) => {
    const settings = readSettings(config({ [`cloudflare-ipsec-psk:${name}`]: "1017" }));

    expect(settings).toEqual({ ...DEFAULTS, [name]: 1_017 });
  });

  it.each(NUMBERS)("rejects a word for %s, and names key, value and default", (name) => {
    const { code, details } = failureOf(() => readSettings(config({ [settingKey(name)]: "soon" })));

    expect(code).toBe("ERR_INVALID_SETTING");
    expect(details.summary).toBe(
      `Cannot use cloudflare-ipsec-psk:${name}: it must be a whole number from ${leastOf(name)} to 999999999, but is "soon"`,
    );
    expect(details.remedy).toBe(`Set it again, or remove it to use ${DEFAULTS[name]}.`);
  });

  it("names an argument of a Provider as one", () => {
    const get = config({ [settingKey("requestTimeoutMs")]: "soon", [PROVIDER_NAME_KEY]: "emea" });

    expect(failureOf(() => readSettings(get)).details.summary).toContain(
      'Cannot use requestTimeoutMs of Provider "emea":',
    );
  });

  it("names the variable of the tests if it is malformed", () => {
    const { code, details } = failureOf(() => readSettings(config({}), "{"));

    expect([code, details.summary]).toEqual([
      "ERR_INVALID_SETTING",
      "Cannot use environment variable PULUMI_CLOUDFLARE_IPSEC_PSK_INTERNAL: it is not JSON",
    ]);
  });

  it.each(["", " ", "-1", "+1", "1.5", "1e3", "0x10", "10s", " 10", "1_000", "1234567890", "Infinity", "NaN"])(
    "rejects %j",
    (value) => {
      expect(failureOf(() => readSettings(config({ [settingKey("operationTimeoutMs")]: value }))).code).toBe(
        "ERR_INVALID_SETTING",
      );
    },
  );

  it.each(NUMBERS)("accepts the least value of %s", (name) => {
    expect(readSettings(config({ [settingKey(name)]: String(leastOf(name)) }))[name]).toBe(leastOf(name));
  });

  it("rejects a requestTimeoutMs that would lose most keys", () => {
    expect(failureOf(() => readSettings(config({ [settingKey("requestTimeoutMs")]: "999" }))).code).toBe(
      "ERR_INVALID_SETTING",
    );
  });

  it.each([true, false])("reads %s for detectDrift", (detectDrift) => {
    const settings = readSettings(config({ "cloudflare-ipsec-psk:detectDrift": String(detectDrift) }));

    expect(settings).toEqual({ ...DEFAULTS, detectDrift });
  });

  it.each(["", "0", "1", "yes", "True", " true"])("rejects %j for detectDrift, and names the default", (value) => {
    const { code, details } = failureOf(() => readSettings(config({ [settingKey("detectDrift")]: value })));

    expect(code).toBe("ERR_INVALID_SETTING");
    expect(details.summary).toBe(
      `Cannot use cloudflare-ipsec-psk:detectDrift: it must be true or false, but is "${value}"`,
    );
    expect(details.remedy).toBe("Set it again, or remove it to use true.");
  });

  it.each(["0", "1", "soon"])("ignores %j for limits that are not settings", (value) => {
    const names = ["maxReads", "maxGenerations", "lagWaitMs", "backoffMs", "batchWaitMs"];
    const values = Object.fromEntries(names.map((name) => [`cloudflare-ipsec-psk:${name}`, value]));

    expect(readSettings(config(values))).toEqual(DEFAULTS);
  });
});

describe("readSettings() with internal settings", () => {
  afterEach(() => {
    Reflect.deleteProperty(process.env, INTERNAL_VARIABLE);
  });

  it("replaces defaults, of limits as well as of settings", () => {
    expect(readSettings(config({}), '{"lagWaitMs":1,"maxGenerations":2,"previewTimeoutMs":3}')).toEqual({
      ...DEFAULTS,
      lagWaitMs: 1,
      maxGenerations: 2,
      previewTimeoutMs: 3,
    });
  });

  it("prefers the settings of the user", () => {
    const settings = readSettings(
      config({ "cloudflare-ipsec-psk:requestTimeoutMs": "1700" }),
      '{"requestTimeoutMs":1}',
    );

    expect(settings).toEqual({ ...DEFAULTS, requestTimeoutMs: 1_700 });
  });

  it("reads them from the environment", () => {
    process.env.PULUMI_CLOUDFLARE_IPSEC_PSK_INTERNAL = '{"backoffMs":1}';

    expect(readSettings(config({}))).toEqual({ ...DEFAULTS, backoffMs: 1 });
  });
});

describe("the arithmetic in the comments of the settings", () => {
  const text = ["psk/limits.ts", "connection/settings.ts"]
    .map((file) => readFileSync(join(__dirname, "../../src", file), "utf8"))
    .join("\n");

  it.each(SETTING_NAMES)("states the default of %s", (name) => {
    const [, stated] =
      new RegExp(`@default (\\S+)(?:(?!@default)[^])*?readonly ${name}: (?:number|boolean)`).exec(text) ?? [];

    expect(stated).toBe(String(DEFAULTS[name]));
  });

  it("is right about backoffMs: 15 to 22.5 s", () => {
    const unreachable = new IpsecTunnelPskError("ERR_UNREACHABLE", { summary: "Cannot fake it", remedy: "None." });
    const total = (random: number) =>
      Array.from({ length: MAX_ATTEMPTS - 1 }, (_, attempts) =>
        retryDelayMs(unreachable, attempts + 1, random, DEFAULTS.backoffMs),
      ).reduce<number>((sum, wait) => sum + (wait ?? Number.NaN), 0);

    expect([total(0), total(1)]).toEqual([15_000, 22_500]);
    expect(text).toContain("15 to 22.5 s in all: 1 + 2 + 4 + 8");
    expect(text).toContain(`${MAX_ATTEMPTS} attempts in all`);
  });

  it("is right about lagWaitMs: 15 s", () => {
    const { maxReads, lagWaitMs } = DEFAULTS;
    const waits = Array.from({ length: maxReads - 1 }, (_, reads) => lagWaitMs * 2 ** reads);

    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(15_000);
    expect(text).toContain("With 5 reads at most 1 + 2 + 4 + 8 = 15 s.");
  });

  it("is right about operationTimeoutMs: four lost responses and a verification", () => {
    const { requestTimeoutMs, lostResponseWaitMs, maxGenerations, operationTimeoutMs } = DEFAULTS;

    expect([requestTimeoutMs, lostResponseWaitMs, maxGenerations]).toEqual([50_000, 10_000, 4]);
    expect(maxGenerations * (requestTimeoutMs + lostResponseWaitMs) + 15_000).toBeLessThan(operationTimeoutMs);
    expect(text).toContain("at most 60 s: `requestTimeoutMs` (50 s) and `lostResponseWaitMs` (10 s)");
  });

  it("is right about maxPreviewValidations: 1,188 of 1,200 requests for 1,000 keys", () => {
    expect(DEFAULTS.maxPreviewValidations + 3 + 1_000 * 1.125).toBe(1_188);
    expect(text).toContain("60 + 3 + 1,000 × 1.125 = 1,188");
    expect(500 + 3 + 500 * 1.125).toBeLessThan(1_200);
  });
});
