import { type ErrorCode, IpsecTunnelPskError } from "../../errors";

const INCONCLUSIVE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "ERR_UNREACHABLE",
  "ERR_NO_ANSWER",
  "ERR_UNAVAILABLE",
  "ERR_RATE_LIMITED",
  "ERR_MALFORMED_ANSWER",
]);

/** Whether a failure leaves open what Cloudflare would say to a generation, so that it must not fail a preview. */
export function isInconclusive(error: unknown): error is IpsecTunnelPskError {
  return error instanceof IpsecTunnelPskError && INCONCLUSIVE.has(error.code);
}
