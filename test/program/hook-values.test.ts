import * as pulumi from "@pulumi/pulumi";
import { UNKNOWN } from "../../src/psk/sentinels";
import { plainInputs, plainState, secrecyOf } from "../../src/program/hook-values";

const ids = { accountId: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ipsecTunnelId: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" };

describe("plainInputs()", () => {
  it.each<[string, unknown, unknown]>([
    ["keeps plain values", { quarter: "2026-Q4" }, { quarter: "2026-Q4" }],
    ["unwraps a secret map", pulumi.secret({ quarter: "2026-Q4" }), { quarter: "2026-Q4" }],
    ["unwraps a secret inside a map", { quarter: pulumi.secret("2026-Q4") }, { quarter: "2026-Q4" }],
    ["marks an unknown value", pulumi.unknown, UNKNOWN],
    ["marks an unknown value inside a map", { day: pulumi.unknown, week: "1" }, { day: UNKNOWN, week: "1" }],
    // Pulumi makes the whole map secret for one secret in it. Hooks have no timeout: a value that never settles hangs a preview.
    [
      "marks an unknown value inside a secret map",
      pulumi.secret({ day: pulumi.unknown, week: "1" }),
      { day: UNKNOWN, week: "1" },
    ],
    ["marks an unknown secret", pulumi.secret(pulumi.unknown), UNKNOWN],
  ])(
    "%s",
    async (_what, rotationTriggers, expected) => {
      await expect(plainInputs({ ...ids, rotationTriggers })).resolves.toEqual({ ...ids, rotationTriggers: expected });
    },
    1_000,
  );
});

const SIDES = ["newInputs", "oldInputs", "oldOutputs"] as const;

describe.each(SIDES)("secrecyOf() with %s", (side) => {
  const isSecret = (properties: object) => secrecyOf({ [side]: properties });

  it.each<[string, unknown, boolean]>([
    ["does not call a plain trigger secret", { day: "1" }, false],
    ["calls a secret trigger secret", { day: pulumi.secret("1") }, true],
    ["calls every trigger of a secret map secret", pulumi.secret({ day: "1" }), true],
    ["does not call a trigger secret because another one is", { day: "1", week: pulumi.secret("1") }, false],
    ["does not call a missing trigger secret", undefined, false],
    ["does not call an unknown trigger secret", pulumi.unknown, false],
  ])("%s", (_what, rotationTriggers, expected) => {
    expect(isSecret({ rotationTriggers })("rotationTriggers", "day")).toBe(expected);
  });

  it("calls only a secret property secret", () => {
    const secrecy = isSecret({ rotateAfterDays: pulumi.secret(90), rotationTriggers: { day: "1" } });

    expect([secrecy("rotateAfterDays"), secrecy("rotationTriggers", "day")]).toEqual([true, false]);
  });
});

describe("secrecyOf()", () => {
  it.each(SIDES)("calls a value secret that is secret only in %s", (side) => {
    const rotationTriggers = { day: "1" };
    const plain = {
      newInputs: { rotationTriggers },
      oldInputs: { rotationTriggers },
      oldOutputs: { rotationTriggers },
    };
    const secret = { rotationTriggers: pulumi.secret(rotationTriggers) };

    expect(secrecyOf(plain)("rotationTriggers", "day")).toBe(false);
    expect(secrecyOf({ ...plain, [side]: secret })("rotationTriggers", "day")).toBe(true);
  });

  it("calls nothing secret if there are no values", () => {
    expect(secrecyOf({})("rotationTriggers", "day")).toBe(false);
  });
});

describe("plainState()", () => {
  const state = { ...ids, psk: "a-fake-key-for-tests-only", status: "active", stateVersion: 1 };

  it("returns `undefined` for a resource that is created", async () => {
    await expect(plainState(undefined)).resolves.toBeUndefined();
  });

  it("unwraps the key", async () => {
    await expect(plainState({ ...state, psk: pulumi.secret(state.psk) })).resolves.toEqual(state);
  });

  it("rejects a damaged state without showing the key", async () => {
    const failure: unknown = await plainState({ ...state, status: state.psk }).catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: "ERR_INVALID_STATE" });
    expect(String(failure)).not.toContain(state.psk);
  });
});
