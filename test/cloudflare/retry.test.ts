import { MAX_ATTEMPTS, retryDelayMs } from "../../src/cloudflare/retry";
import { LONGEST_WAIT_MS } from "../../src/cloudflare/retry-after";
import { type IpsecTunnelPskErrorCode, IpsecTunnelPskError } from "../../src/errors";

// A new code does not compile until it is decided here.
const REPEATED: Readonly<Record<IpsecTunnelPskErrorCode, boolean>> = {
  ERR_RATE_LIMITED: true,
  ERR_UNREACHABLE: true,
  ERR_NO_RESPONSE: true,
  ERR_UNAVAILABLE: true,
  ERR_INVALID_INPUT: false,
  ERR_INVALID_STATE: false,
  ERR_INVALID_GATEWAY: false,
  ERR_INVALID_SETTING: false,
  ERR_NO_CREDENTIALS: false,
  ERR_INVALID_CREDENTIALS: false,
  ERR_INVALID_BASE_URL: false,
  ERR_NOT_AUTHORIZED: false,
  ERR_ACCOUNT_NOT_ONBOARDED: false,
  ERR_TUNNEL_NOT_FOUND: false,
  ERR_NO_SUCH_ROUTE: false,
  ERR_SET_UNSUPPORTED: false,
  ERR_REFUSED: false,
  ERR_MALFORMED_RESPONSE: false,
  ERR_OUTCOME_UNKNOWN: false,
  ERR_ENGINE_GONE: false,
  ERR_CANCELLED: false,
  ERR_OVERWRITTEN: false,
  ERR_VALIDATION_PERSISTS: false,
  ERR_WRONG_PROVIDER: false,
  ERR_EXTERNAL_ROTATION: false,
  ERR_EXISTING_KEY_MISMATCH: false,
  ERR_UNSUITABLE_PSK: false,
};
const codes = Object.keys(REPEATED) as IpsecTunnelPskErrorCode[];

describe("retryDelayMs()", () => {
  it.each(codes.filter((code) => REPEATED[code]))("waits 1, 2, 4 and 8 s after %s, then gives up", (code) => {
    expect(delays(failure(code), 0)).toEqual([1_000, 2_000, 4_000, 8_000, undefined]);
  });

  it.each(codes.filter((code) => !REPEATED[code]))("never repeats %s", (code) => {
    expect(delays(failure(code), 0)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it("starts from firstBackoffMs", () => {
    const waits = [1, 2, 3, 4, 5].map((attempts) => retryDelayMs(failure("ERR_UNREACHABLE"), attempts, 0, 50));

    expect(waits).toEqual([50, 100, 200, 400, undefined]);
  });

  it.each([
    [0, 15_000],
    [0.5, 18_750],
    [1, 22_500],
  ])("waits 15 to 22.5 s in all: random %d makes %d ms", (random, total) => {
    expect(delays(failure("ERR_UNREACHABLE"), random).reduce<number>((sum, ms) => sum + (ms ?? 0), 0)).toBe(total);
  });

  it.each([0, 300_000, LONGEST_WAIT_MS])("waits as long as Retry-After says, up to LONGEST_WAIT_MS: %d ms", (ms) => {
    expect(delays(failure("ERR_RATE_LIMITED", ms), 0)).toEqual([ms, ms, ms, ms, undefined]);
  });

  it.each([LONGEST_WAIT_MS + 1, 86_400_000])("gives up if Retry-After asks for more: %d ms", (ms) => {
    expect(delays(failure("ERR_RATE_LIMITED", ms), 0)).toEqual(Array(MAX_ATTEMPTS).fill(undefined));
  });

  it("spreads many repeats over a second after Retry-After", () => {
    expect(retryDelayMs(failure("ERR_RATE_LIMITED", 7_000), 1, 0.25, 1_000)).toBe(7_250);
  });

  it("never repeats a lost generation, not even with a Retry-After", () => {
    expect(retryDelayMs(failure("ERR_OUTCOME_UNKNOWN", 7_000), 1, 0, 1_000)).toBeUndefined();
  });
});

function delays(error: IpsecTunnelPskError, random: number): (number | undefined)[] {
  return Array.from({ length: MAX_ATTEMPTS }, (_, index) => retryDelayMs(error, index + 1, random, 1_000));
}

function failure(code: IpsecTunnelPskErrorCode, retryAfterMs?: number): IpsecTunnelPskError {
  return new IpsecTunnelPskError(code, {
    summary: "Cannot continue: the test says so",
    remedy: "None.",
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
