import { type ErrorDetails, IpsecTunnelPskError, quoteMessage } from "../src/errors";

const details: ErrorDetails = { what: "Cannot read tunnel 1 as nobody answered", remedy: "Run again." };

describe("IpsecTunnelPskError", () => {
  it("says what happened, what to do, what Cloudflare said, and where to read on", () => {
    const error = new IpsecTunnelPskError("ERR_NOT_AUTHORIZED", {
      summary: "Cannot read tunnel 1 as the API token is malformed",
      remedy: "Set it again.",
      cloudflare: {
        httpStatus: 400,
        rayId: "0000000000000000-TST",
        errors: [
          {
            code: 6003,
            message: "Invalid request headers",
            documentationUrl: "https://example.com/6003",
            pointer: "/psk",
            chain: [{ code: 6111, message: "Invalid format for Authorization header" }],
          },
          { code: 0, message: "Good bye" },
        ],
      },
    });

    expect(error.message).toBe(
      `Cannot read tunnel 1 as the API token is malformed (ERR_NOT_AUTHORIZED)
What to do: Set it again.
Cloudflare said: 6003 Invalid request headers at /psk, see https://example.com/6003; because 6111 Invalid format for Authorization header (HTTP 400, Ray ID 0000000000000000-TST)
Cloudflare said: Good bye (HTTP 400, Ray ID 0000000000000000-TST)
More: docs/errors.md#err_not_authorized in pulumi-cloudflare-ipsec-psk`,
    );
  });

  it("lists each mistake on a line of its own, below what happened", () => {
    const mistakes = [
      { field: "name", message: "name must be short" },
      { field: "psk", message: "psk must not be empty" },
    ];
    const { message } = new IpsecTunnelPskError("ERR_INVALID_GATEWAY", { ...details, mistakes });

    expect(message.split("\n").slice(0, 4)).toEqual([
      "Cannot read tunnel 1 as nobody answered (ERR_INVALID_GATEWAY)",
      "- name must be short",
      "- psk must not be empty",
      "What to do: Run again.",
    ]);
  });

  it("says so if Cloudflare answered without a message", () => {
    const { message } = new IpsecTunnelPskError("ERR_UNAVAILABLE", {
      ...details,
      cloudflare: { httpStatus: 502, errors: [] },
    });

    expect(message.split("\n")).toContain("Cloudflare answered: no error message (HTTP 502)");
  });

  it("does not mention an answer if there was none", () => {
    const { message } = new IpsecTunnelPskError("ERR_NO_RESPONSE", details);

    expect(message.split("\n")).toEqual([
      "Cannot read tunnel 1 as nobody answered (ERR_NO_RESPONSE)",
      "What to do: Run again.",
      "More: docs/errors.md#err_no_response in pulumi-cloudflare-ipsec-psk",
    ]);
  });

  it("is an Error with a name, a stable code and its parts", () => {
    const error = new IpsecTunnelPskError("ERR_NO_RESPONSE", details);

    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "IpsecTunnelPskError", code: "ERR_NO_RESPONSE", details });
  });
});

describe("quoteMessage()", () => {
  it.each([
    ["leaves out a missing code", { code: 0, message: "Odd" }, "Odd"],
    ["puts the code first", { code: 1001, message: "Odd" }, "1001 Odd"],
    ["follows causes of causes", chained(), "1 a; because 2 b; because 3 c"],
  ])("%s", (_what, message, expected) => {
    expect(quoteMessage(message)).toBe(expected);
  });
});

function chained() {
  return { code: 1, message: "a", chain: [{ code: 2, message: "b", chain: [{ code: 3, message: "c" }] }] };
}
