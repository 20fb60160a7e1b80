import { type IpsecTunnelPskErrorCode, IpsecTunnelPskError } from "../../src/errors";
import { isInconclusive } from "../../src/preview/validation";

const failure = (code: IpsecTunnelPskErrorCode) =>
  new IpsecTunnelPskError(code, { summary: "Cannot fake it", remedy: "None." });

describe("isInconclusive()", () => {
  it.each<IpsecTunnelPskErrorCode>([
    "ERR_UNREACHABLE",
    "ERR_NO_RESPONSE",
    "ERR_UNAVAILABLE",
    "ERR_RATE_LIMITED",
    "ERR_MALFORMED_RESPONSE",
  ])("returns true for %s, which leaves the question open", (code) => {
    expect(isInconclusive(failure(code))).toBe(true);
  });

  it.each<IpsecTunnelPskErrorCode>([
    "ERR_NOT_AUTHORIZED",
    "ERR_ACCOUNT_NOT_ONBOARDED",
    "ERR_TUNNEL_NOT_FOUND",
    "ERR_NO_SUCH_ROUTE",
    "ERR_REFUSED",
    "ERR_VALIDATION_PERSISTS",
    "ERR_INVALID_SETTING",
  ])("returns false for %s, which is definite", (code) => {
    expect(isInconclusive(failure(code))).toBe(false);
  });

  it.each([[new Error("ERR_NO_RESPONSE")], [{ code: "ERR_NO_RESPONSE" }], [undefined]])(
    "returns false for %p, which is not an IpsecTunnelPskError",
    (error) => {
      expect(isInconclusive(error)).toBe(false);
    },
  );
});
