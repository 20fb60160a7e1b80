import { unverifiedTlsWarning } from "../../src/cloudflare/unverified-tls";

describe("unverifiedTlsWarning()", () => {
  it("says what NODE_TLS_REJECT_UNAUTHORIZED=0 means, and what to set instead", () => {
    const warning = unverifiedTlsWarning(new URL("https://api.example.com"), { NODE_TLS_REJECT_UNAUTHORIZED: "0" });

    expect(warning).toContain("no certificate is verified");
    expect(warning).toContain("NODE_EXTRA_CA_CERTS");
  });

  it.each([
    ["https://api.example.com", undefined],
    ["https://api.example.com", "1"],
    ["https://api.example.com", ""],
    ["http://127.0.0.1:1", "0"],
  ])("is silent for %s with %j", (url, value) => {
    expect(unverifiedTlsWarning(new URL(url), { NODE_TLS_REJECT_UNAUTHORIZED: value })).toBeUndefined();
  });
});
