import { CLOUD_VPN_NAMES } from "../../src/cloud-vpns";
import { type PskConsumer, generatePsk, pskProblems } from "../../src/gateways";
import { DIALECT_NAMES } from "../../src/gateways/dialects";
import { failureOf } from "../support/failure-of";

const consumers = [...CLOUD_VPN_NAMES, ...DIALECT_NAMES] as PskConsumer[];

describe("generatePsk()", () => {
  it("returns 48 letters and digits, with a letter first, that every consumer accepts", () => {
    for (let count = 0; count < 500; count++) {
      const psk = generatePsk();

      expect(psk).toMatch(/^[A-Za-z][A-Za-z0-9]{47}$/);
      expect(consumers.flatMap((consumer) => pskProblems(psk, consumer))).toEqual([]);
    }
  });

  it("returns another one at each call, and uses every character", () => {
    const keys = Array.from({ length: 200 }, () => generatePsk());

    expect(new Set(keys).size).toBe(200);
    expect(new Set(keys.join("")).size).toBe(62);
  });

  it.each([22, 64, 100])("returns as many characters as asked for: %d", (length) => {
    expect(generatePsk({ length, compatibleWith: ["azure", "gcp"] })).toHaveLength(length);
  });

  it("fails if a consumer does not accept such a length, and names its rule", () => {
    const failure = failureOf(() => generatePsk({ length: 65, compatibleWith: ["azure", "aws"] }));

    expect(failure).toMatchObject({
      code: "ERR_UNSUITABLE_PSK",
      details: {
        summary: "Cannot generate a key of 65 characters for AWS Site-to-Site VPN: it breaks 1 rule",
        problems: [{ property: "psk", reason: "must have 8 to 64 characters" }],
      },
    });
  });

  it.each([21, 0, -1, 48.5, Number.NaN, Infinity])("refuses a length of %p", (length) => {
    expect(failureOf(() => generatePsk({ length }))).toMatchObject({ code: "ERR_INVALID_INPUT" });
  });
});
