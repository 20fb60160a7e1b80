import { DEFAULT_BASE_URL, isLoopback, parseBaseUrl } from "../../src/cloudflare/base-url";
import { failureOf } from "../support/failure-of";

const origin = { name: "environment variable CLOUDFLARE_BASE_URL" };

describe("parseBaseUrl()", () => {
  it.each([
    [DEFAULT_BASE_URL, DEFAULT_BASE_URL],
    ["https://api.example.com/client/v4/", "https://api.example.com/client/v4"],
    ["https://api.example.com/client/v4//", "https://api.example.com/client/v4"],
    ["https://api.example.com:8443/v4", "https://api.example.com:8443/v4"],
    ["http://127.0.0.1:8080/client/v4", "http://127.0.0.1:8080/client/v4"],
    ["http://127.8.9.10/v4", "http://127.8.9.10/v4"],
    ["http://[::1]:8080/v4", "http://[::1]:8080/v4"],
    ["http://localhost/v4", "http://localhost/v4"],
    ["HTTP://LOCALHOST/v4", "http://localhost/v4"],
  ])("accepts %s", (text, href) => {
    expect(parseBaseUrl(text, origin).href).toBe(href);
  });

  it.each([
    ["", "it is empty"],
    ["api.example.com/client/v4", "it is not an absolute URL"],
    ["/client/v4", "it is not an absolute URL"],
    ["ftp://api.example.com/client/v4", "it is neither https nor http"],
    ["file:///client/v4", "it is neither https nor http"],
    ["https://someone@api.example.com/v4", "it has a user name or password in it"],
    ["https://:fake-password@api.example.com/v4", "it has a user name or password in it"],
    ["https://api.example.com/v4?a=b", "it has a query or a fragment"],
    ["https://api.example.com/v4#a", "it has a query or a fragment"],
    // A path that is appended to these would be a query or a fragment.
    ["https://api.example.com/v4?", "it has a query or a fragment"],
    ["https://api.example.com/v4#", "it has a query or a fragment"],
  ])("rejects %j", (text, reason) => {
    expect(failureOf(() => parseBaseUrl(text, origin))).toMatchObject({
      code: "ERR_INVALID_BASE_URL",
      details: { summary: `Cannot use the base URL from ${origin.name}: ${reason}` },
    });
  });

  it.each([
    "http://api.cloudflare.com/client/v4",
    "http://192.0.2.1/v4",
    "http://128.0.0.1/v4",
    "http://127.0.0.1.example.com/v4",
    "http://localhost.example.com/v4",
    "http://[::2]/v4",
    "http://0.0.0.0/v4",
  ])("rejects plain http to another machine: %s", (text) => {
    const { code, details } = failureOf(() => parseBaseUrl(text, origin));

    expect(code).toBe("ERR_INVALID_BASE_URL");
    expect(details.summary).toContain(`plain http would send the credentials unencrypted to "${new URL(text).host}"`);
  });

  it("does not quote a password", () => {
    const { message } = failureOf(() => parseBaseUrl("https://someone:fake-password@api.example.com", origin));

    expect(message).not.toContain("fake-password");
  });
});

describe("isLoopback()", () => {
  it.each([
    ["https://127.0.0.1", true],
    ["https://127.1", true],
    ["https://[::1]", true],
    ["https://localhost", true],
    ["https://api.cloudflare.com", false],
    ["https://127.0.0.1.example.com", false],
  ])("%s: %s", (text, expected) => {
    expect(isLoopback(new URL(text))).toBe(expected);
  });
});
