import {
  type ErrorDetails,
  IpsecTunnelPskError,
  type IpsecTunnelPskErrorCode,
  type NextStep,
  quoteMessage,
} from "../src/errors";

const details: ErrorDetails = { summary: "Cannot read tunnel 1: the response was lost", remedy: "Run again." };

// A new code does not compile until this table has it.
const NEXT: Readonly<Record<IpsecTunnelPskErrorCode, NextStep>> = {
  ERR_INVALID_INPUT: "fix",
  ERR_INVALID_STATE: "fix",
  ERR_INVALID_GATEWAY: "fix",
  ERR_INVALID_SETTING: "fix",
  ERR_NO_CREDENTIALS: "fix",
  ERR_INVALID_CREDENTIALS: "fix",
  ERR_INVALID_BASE_URL: "fix",
  ERR_NOT_AUTHORIZED: "fix",
  ERR_ACCOUNT_NOT_ONBOARDED: "fix",
  ERR_TUNNEL_NOT_FOUND: "fix",
  ERR_NO_SUCH_ROUTE: "fix",
  ERR_SET_UNSUPPORTED: "fix",
  ERR_REFUSED: "fix",
  ERR_RATE_LIMITED: "retry",
  ERR_UNREACHABLE: "retry",
  ERR_NO_RESPONSE: "retry",
  ERR_UNAVAILABLE: "retry",
  ERR_MALFORMED_RESPONSE: "retry",
  ERR_OUTCOME_UNKNOWN: "retry",
  ERR_ENGINE_GONE: "retry",
  ERR_CANCELLED: "retry",
  ERR_OVERWRITTEN: "fix",
  ERR_VALIDATION_PERSISTS: "report",
  ERR_WRONG_PROVIDER: "fix",
  ERR_EXTERNAL_ROTATION: "fix",
  ERR_EXISTING_KEY_MISMATCH: "fix",
  ERR_UNSUITABLE_PSK: "fix",
};

describe("IpsecTunnelPskError", () => {
  it("says what happened, what to do, what Cloudflare said, and where to read on", () => {
    const error = new IpsecTunnelPskError("ERR_NOT_AUTHORIZED", {
      summary: "Cannot read tunnel 1: the API token is malformed",
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
      `Cannot read tunnel 1: the API token is malformed (ERR_NOT_AUTHORIZED)
What to do: Set it again.
Cloudflare said: 6003 Invalid request headers at /psk, see https://example.com/6003; because 6111 Invalid format for Authorization header (HTTP 400, Ray ID 0000000000000000-TST)
Cloudflare said: Good bye (HTTP 400, Ray ID 0000000000000000-TST)
More: docs/errors.md#err_not_authorized in pulumi-cloudflare-ipsec-psk`,
    );
  });

  it("lists each problem on a line of its own, below what happened", () => {
    const problems = [
      { property: "name", reason: "must be short" },
      { property: "psk", reason: "must not be empty" },
    ];
    const { message } = new IpsecTunnelPskError("ERR_INVALID_GATEWAY", { ...details, problems });

    expect(message.split("\n").slice(0, 4)).toEqual([
      "Cannot read tunnel 1: the response was lost (ERR_INVALID_GATEWAY)",
      "- name must be short",
      "- psk must not be empty",
      "What to do: Run again.",
    ]);
  });

  it("says so if Cloudflare's response has no message", () => {
    const { message } = new IpsecTunnelPskError("ERR_UNAVAILABLE", {
      ...details,
      cloudflare: { httpStatus: 502, errors: [] },
    });

    expect(message.split("\n")).toContain("Cloudflare said nothing more (HTTP 502)");
  });

  it("does not mention a response if there was none", () => {
    const { message } = new IpsecTunnelPskError("ERR_NO_RESPONSE", details);

    expect(message.split("\n")).toEqual([
      "Cannot read tunnel 1: the response was lost (ERR_NO_RESPONSE)",
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

describe("IpsecTunnelPskError.nextStep", () => {
  it.each(Object.entries(NEXT) as [IpsecTunnelPskErrorCode, NextStep][])("defaults for %s to %s", (code, next) => {
    expect(new IpsecTunnelPskError(code, details).nextStep).toBe(next);
  });

  it.each<NextStep>(["fix", "retry", "report"])("is what the details say: %s", (next) => {
    const codes: IpsecTunnelPskErrorCode[] = ["ERR_UNSUITABLE_PSK", "ERR_OUTCOME_UNKNOWN", "ERR_VALIDATION_PERSISTS"];

    expect(codes.map((code) => new IpsecTunnelPskError(code, { ...details, nextStep: next }).nextStep)).toEqual([
      next,
      next,
      next,
    ]);
  });
});

describe("quoteMessage()", () => {
  it.each([
    ["leaves out a missing code", { code: 0, message: "Odd" }, "Odd"],
    ["puts the code first", { code: 1001, message: "Odd" }, "1001 Odd"],
    ["adds causes, and their causes", chained(), "1 a; because 2 b; because 3 c"],
  ])("%s", (_what, message, expected) => {
    expect(quoteMessage(message)).toBe(expected);
  });
});

function chained() {
  return { code: 1, message: "a", chain: [{ code: 2, message: "b", chain: [{ code: 3, message: "c" }] }] };
}
