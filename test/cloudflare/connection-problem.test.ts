import { connectionProblem } from "../../src/cloudflare/connection-problem";

const failure = (code: string, message: string, rest: object = {}) =>
  Object.assign(new Error(message), { code, ...rest });

describe("connectionProblem()", () => {
  it.each([
    ["CERT_HAS_EXPIRED", "the certificate that was presented has expired, CERT_HAS_EXPIRED", "this machine's clock"],
    [
      "CERT_NOT_YET_VALID",
      "the certificate that was presented is not valid yet, CERT_NOT_YET_VALID",
      "this machine's clock",
    ],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "Node.js does not trust the certificate", "NODE_EXTRA_CA_CERTS"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "the certificate that was presented is for another host", "Check the base URL"],
  ])("names the cause of %s, and what to do, and nothing of what the certificate says", (code, reason, remedy) => {
    const problem = connectionProblem(failure(code, "Host: x. is not in the cert's altnames: DNS:\u202eevil"));

    expect(problem.reason).toContain(reason);
    expect(problem.reason).not.toContain("evil");
    expect(problem.remedy).toContain(remedy);
  });

  it.each([
    [
      "EPROTO",
      "write EPROTO 40:error:0A000460:SSL routines:ssl3_read_bytes:reason(1120):../s.c:1:SSL alert number 120\n",
      "what responds there does not speak HTTP/1.1",
    ],
    ["EPROTO", "write EPROTO 40:error:0A000000:SSL routines::other:../s.c:1:\n", "the TLS handshake failed, EPROTO"],
    [
      "ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR",
      "40:error:0A:SSL routines:\n",
      "the TLS handshake failed, ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR",
    ],
  ])("keeps nothing of OpenSSL's text: %s %#", (code, message, reason) => {
    expect(connectionProblem(failure(code, message)).reason).toBe(reason);
  });

  it.each([
    [failure("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1"), "connect ECONNREFUSED 127.0.0.1:1"],
    [failure("UND_ERR_SOCKET", "other side closed"), "UND_ERR_SOCKET: other side closed"],
    [failure("ETIMEDOUT", "", { errors: [new Error("a ETIMEDOUT"), new Error("b")] }), "a ETIMEDOUT; b"],
    [new Error("the proxy refuses the connection: HTTP 407"), "the proxy refuses the connection: HTTP 407"],
    [failure("constructor", "odd"), "constructor: odd"],
  ])("keeps the message of any other failure, without a remedy: %s", (error, reason) => {
    expect(connectionProblem(error)).toEqual({ reason });
  });

  it("names the proxy if that is the one", () => {
    const cause = failure("SELF_SIGNED_CERT_IN_CHAIN", "self-signed");

    expect(connectionProblem(new Error("the proxy cannot be reached: self-signed", { cause })).reason).toMatch(
      /^the proxy cannot be reached: Node\.js does not trust/,
    );
  });
});
