import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MAX_TRIES, retryDelayMs } from "../../src/cloudflare/retry";
import { IpsecTunnelPskError } from "../../src/errors";
import { DEFAULTS, readSettings, SETTING_NAMES, settingKey } from "../../src/provider/settings";
import { failureOf } from "../support/failure-of";

const config = (values: Readonly<Record<string, string>>) => (key: string) => values[key];

describe("readSettings()", () => {
  it("takes the defaults where nothing is given", () => {
    expect(readSettings(config({}))).toEqual({
      operationTimeoutMs: 300_000,
      lostResponseWaitMs: 10_000,
      lagWaitMs: 1_000,
      maxReads: 5,
      maxGenerations: 4,
      connectTimeoutMs: 10_000,
      headersTimeoutMs: 30_000,
      bodyTimeoutMs: 10_000,
      backoffMs: 1_000,
      batchWaitMs: 2_000,
      maxPreviewValidations: 60,
      previewTimeoutMs: 10_000,
    });
  });

  it.each(SETTING_NAMES)("takes %s from its key, and the defaults for the rest", (name) => {
    const settings = readSettings(config({ [`cloudflare-ipsec-psk:${name}`]: "17" }));

    expect(settings).toEqual({ ...DEFAULTS, [name]: 17 });
  });

  it.each(SETTING_NAMES)("refuses a word for %s, and names key, value and default", (name) => {
    const failure = failureOf(() => readSettings(config({ [settingKey(name)]: "soon" })));

    expect(failure.code).toBe("ERR_INVALID_SETTING");
    expect(failure.message).toContain(`Cannot use cloudflare-ipsec-psk:${name} as it must be a whole number`);
    expect(failure.message).toContain('current value is "soon"');
    expect(failure.message).toContain(`remove it to use ${DEFAULTS[name]}.`);
  });

  it.each(["", " ", "-1", "+1", "1.5", "1e3", "0x10", "10s", " 10", "1_000", "1234567890", "Infinity", "NaN"])(
    "refuses %j",
    (value) => {
      expect(failureOf(() => readSettings(config({ [settingKey("operationTimeoutMs")]: value }))).code).toBe(
        "ERR_INVALID_SETTING",
      );
    },
  );

  it.each(["maxReads", "maxGenerations"] as const)("refuses 0 for %s: nothing would happen at all", (name) => {
    expect(failureOf(() => readSettings(config({ [settingKey(name)]: "0" }))).message).toContain(
      'a whole number, 1 or more: current value is "0"',
    );
  });

  it.each(SETTING_NAMES.filter((name) => name !== "maxReads" && name !== "maxGenerations"))(
    "takes 0 for %s",
    (name) => {
      expect(readSettings(config({ [settingKey(name)]: "0" }))[name]).toBe(0);
    },
  );
});

describe("what the documentation of the settings works out", () => {
  const text = ["psk/limits.ts", "pulumi/settings.ts"]
    .map((file) => readFileSync(join(__dirname, "../../src", file), "utf8"))
    .join("\n");

  it.each(SETTING_NAMES)("has the default of %s", (name) => {
    const [, stated] = new RegExp(`@default (\\d+)(?:(?!@default)[^])*?readonly ${name}: number`).exec(text) ?? [];

    expect(Number(stated)).toBe(DEFAULTS[name]);
  });

  it("is right about backoffMs: 15 to 22.5 s", () => {
    const unreachable = new IpsecTunnelPskError("ERR_UNREACHABLE", { summary: "Cannot fake it", remedy: "None." });
    const total = (random: number) =>
      Array.from({ length: MAX_TRIES - 1 }, (_, tries) =>
        retryDelayMs(unreachable, tries + 1, random, DEFAULTS.backoffMs),
      ).reduce<number>((sum, wait) => sum + (wait ?? Number.NaN), 0);

    expect([total(0), total(1)]).toEqual([15_000, 22_500]);
    expect(text).toContain("15 to 22.5 s = 1 + 2 + 4 + 8");
  });

  it("is right about lagWaitMs: 15 s", () => {
    const { maxReads, lagWaitMs } = DEFAULTS;
    const waits = Array.from({ length: maxReads - 1 }, (_, reads) => lagWaitMs * 2 ** reads);

    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(15_000);
    expect(text).toContain("15 s = 1 + 2 + 4 + 8");
  });

  it("is right about operationTimeoutMs: four lost answers and a verification", () => {
    const { connectTimeoutMs, headersTimeoutMs, bodyTimeoutMs, lostResponseWaitMs, maxGenerations, operationTimeoutMs } =
      DEFAULTS;
    const lost = connectTimeoutMs + headersTimeoutMs + bodyTimeoutMs;

    expect(lost).toBe(50_000);
    expect(maxGenerations * (lost + lostResponseWaitMs) + 15_000).toBeLessThan(operationTimeoutMs);
  });

  it("is right about maxPreviewValidations: 1,188 of 1,200 requests for 1,000 keys", () => {
    expect(DEFAULTS.maxPreviewValidations + 3 + 1_000 * 1.125).toBe(1_188);
    expect(text).toContain("60 + 3 + 1,000 × 1.125 = 1,188");
    expect(500 + 3 + 500 * 1.125).toBeLessThan(1_200);
  });
});
