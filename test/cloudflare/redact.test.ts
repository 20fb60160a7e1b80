import { redact } from "../../src/cloudflare/redact";

const secret = "fake-token-for-tests-only";
const other = "fake-key-for-tests-only";

describe("redact()", () => {
  it("takes every secret out of every text, causes included", () => {
    const said = {
      code: 1,
      message: `${secret} and ${other} and ${secret}`,
      documentationUrl: `https://example.com/${secret}`,
      pointer: `/${other}`,
      chain: [{ code: 2, message: other, chain: [{ code: 3, message: secret }] }],
    };

    expect(redact(said, [secret, other])).toEqual({
      code: 1,
      message: "[secret] and [secret] and [secret]",
      documentationUrl: "https://example.com/[secret]",
      pointer: "/[secret]",
      chain: [{ code: 2, message: "[secret]", chain: [{ code: 3, message: "[secret]" }] }],
    });
  });

  it("leaves the rest as it is, and adds nothing", () => {
    const said = { code: 1, message: "No such tunnel" };

    expect(redact(said, [secret])).toStrictEqual(said);
  });
});
