import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MAX_TRIES, retryDelayMs } from "../../src/cloudflare/retry";
import { IpsecTunnelPskError } from "../../src/errors";
import { DEFAULT_SETTINGS, readSettings, SETTING_NAMES, settingKey } from "../../src/provider/settings";
import { failureOf } from "../support/failure-of";

const config = (values: Readonly<Record<string, string>>) => (key: string) => values[key];

describe("readSettings()", () => {
  it("takes the defaults where nothing is given", () => {
    expect(readSettings(config({}))).toEqual({
      deadlineMs: 300_000,
      stragglerWaitMs: 10_000,
      lagWaitMs: 1_000,
      maxReads: 5,
      maxGenerations: 4,
      connectTimeoutMs: 10_000,
      headersTimeoutMs: 30_000,
      bodyTimeoutMs: 10_000,
      backoffMs: 1_000,
      batchWaitMs: 2_000,
      previewBudget: 60,
      previewDeadlineMs: 10_000,
    });
  });

  it.each(SETTING_NAMES)("takes %s from its key, and the defaults for the rest", (name) => {
    const settings = readSettings(config({ [`cloudflare-ipsec-psk:${name}`]: "17" }));

    expect(settings).toEqual({ ...DEFAULT_SETTINGS, [name]: 17 });
  });

  it.each(SETTING_NAMES)("refuses a word for %s, and names key, value and default", (name) => {
    const failure = failureOf(() => readSettings(config({ [settingKey(name)]: "soon" })));

    expect(failure.code).toBe("ERR_INVALID_SETTING");
    expect(failure.message).toContain(`Cannot use cloudflare-ipsec-psk:${name} as it must be a whole number`);
    expect(failure.message).toContain('current value is "soon"');
    expect(failure.message).toContain(`remove it to use ${DEFAULT_SETTINGS[name]}.`);
  });

  it.each(["", " ", "-1", "+1", "1.5", "1e3", "0x10", "10s", " 10", "1_000", "1234567890", "Infinity", "NaN"])(
    "refuses %j",
    (value) => {
      expect(failureOf(() => readSettings(config({ [settingKey("deadlineMs")]: value }))).code).toBe(
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
  const text = ["psk/patience.ts", "pulumi/settings.ts"]
    .map((file) => readFileSync(join(__dirname, "../../src", file), "utf8"))
    .join("\n");

  it.each(SETTING_NAMES)("has the default of %s", (name) => {
    const [, stated] = new RegExp(`@default (\\d+)(?:(?!@default)[^])*?readonly ${name}: number`).exec(text) ?? [];

    expect(Number(stated)).toBe(DEFAULT_SETTINGS[name]);
  });

  it("is right about backoffMs: 15 to 22.5 s", () => {
    const unreachable = new IpsecTunnelPskError("ERR_UNREACHABLE", { what: "Cannot fake it", remedy: "None." });
    const total = (random: number) =>
      Array.from({ length: MAX_TRIES - 1 }, (_, tries) =>
        retryDelayMs(unreachable, tries + 1, random, DEFAULT_SETTINGS.backoffMs),
      ).reduce<number>((sum, wait) => sum + (wait ?? Number.NaN), 0);

    expect([total(0), total(1)]).toEqual([15_000, 22_500]);
    expect(text).toContain("15 to 22.5 s = 1 + 2 + 4 + 8");
  });

  it("is right about lagWaitMs: 15 s", () => {
    const { maxReads, lagWaitMs } = DEFAULT_SETTINGS;
    const waits = Array.from({ length: maxReads - 1 }, (_, reads) => lagWaitMs * 2 ** reads);

    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(15_000);
    expect(text).toContain("15 s = 1 + 2 + 4 + 8");
  });

  it("is right about deadlineMs: four lost answers and a verification", () => {
    const { connectTimeoutMs, headersTimeoutMs, bodyTimeoutMs, stragglerWaitMs, maxGenerations, deadlineMs } =
      DEFAULT_SETTINGS;
    const lost = connectTimeoutMs + headersTimeoutMs + bodyTimeoutMs;

    expect(lost).toBe(50_000);
    expect(maxGenerations * (lost + stragglerWaitMs) + 15_000).toBeLessThan(deadlineMs);
  });

  it("is right about previewBudget: 1,188 of 1,200 requests for 1,000 keys", () => {
    expect(DEFAULT_SETTINGS.previewBudget + 3 + 1_000 * 1.125).toBe(1_188);
    expect(text).toContain("60 + 3 + 1,000 × 1.125 = 1,188");
    expect(500 + 3 + 500 * 1.125).toBeLessThan(1_200);
  });
});
