import { proxyFor } from "../../src/cloudflare/proxy";
import { everythingIn, failureOf } from "../support/failure-of";

const API = "https://api.cloudflare.com/client/v4";
const PROXY = "http://proxy.example.com:3128";
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

describe("proxyFor()", () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ["nothing", {}, undefined],
    ["https_proxy", { https_proxy: PROXY }, PROXY],
    ["HTTPS_PROXY", { HTTPS_PROXY: PROXY }, PROXY],
    ["all_proxy", { all_proxy: PROXY }, PROXY],
    ["ALL_PROXY", { ALL_PROXY: PROXY }, PROXY],
    ["lower case before upper case", { https_proxy: PROXY, HTTPS_PROXY: "http://other" }, PROXY],
    ["HTTPS_PROXY before all_proxy", { HTTPS_PROXY: PROXY, all_proxy: "http://other" }, PROXY],
    ["all_proxy before ALL_PROXY", { all_proxy: PROXY, ALL_PROXY: "http://other" }, PROXY],
    ["nothing from a proxy for http", { HTTP_PROXY: PROXY, http_proxy: PROXY }, undefined],
    ["upper case if lower case is empty", { https_proxy: "", HTTPS_PROXY: PROXY }, PROXY],
    ["ALL_PROXY if the others are empty", { https_proxy: "", HTTPS_PROXY: " ", ALL_PROXY: PROXY }, PROXY],
    ["nothing if all are empty", { https_proxy: "", HTTPS_PROXY: "", all_proxy: "", ALL_PROXY: "" }, undefined],
    ["HTTPS_PROXY before a SOCKS proxy in ALL_PROXY", { HTTPS_PROXY: PROXY, ALL_PROXY: "socks5://other" }, PROXY],
  ])("takes %s", (_what, env, uri) => {
    expect(proxyFor(new URL(API), env)?.uri).toBe(uri);
  });

  it.each([
    ["proxy:3128", "http://proxy:3128"],
    ["proxy", "http://proxy"],
    ["10.0.0.1:3128", "http://10.0.0.1:3128"],
    ["[fd00::1]:3128", "http://[fd00::1]:3128"],
    [" http://proxy:3128 ", "http://proxy:3128"],
    ["HTTP://Proxy:3128/", "http://proxy:3128"],
    ["http://proxy:3128/ignored?as=curl", "http://proxy:3128"],
    ["https://proxy:8443", "https://proxy:8443"],
    ["http://proxy:80", "http://proxy"],
  ])("reads %j", (text, uri) => {
    expect(proxyFor(new URL(API), { HTTPS_PROXY: text })).toEqual({ uri });
  });

  it.each([
    ["http://user:fake-password@proxy:3128", "user:fake-password"],
    ["user:fake-password@proxy:3128", "user:fake-password"],
    ["http://user@proxy:3128", "user:"],
    ["http://:fake-password@proxy:3128", ":fake-password"],
    ["http://us%40er:fake%3Apass%C3%A9@proxy:3128", "us@er:fake:passé"],
  ])("takes the credentials out of %j", (text, credentials) => {
    expect(proxyFor(new URL(API), { HTTPS_PROXY: text })).toEqual({
      uri: "http://proxy:3128",
      token: basic(credentials),
    });
  });

  it.each([
    ["socks5://user:fake-password@proxy:1080", "it is a SOCKS proxy, which this package does not support"],
    ["SOCKS5H://user:fake-password@proxy", "it is a SOCKS proxy, which this package does not support"],
    ["socks://user:fake-password@proxy", "it is a SOCKS proxy, which this package does not support"],
    ["socks4a://user:fake-password@proxy", "it is a SOCKS proxy, which this package does not support"],
    ["ftp://user:fake-password@proxy", "it is neither an http nor an https proxy"],
    ["http://user:12#fake-password@proxy:3128", "it has a # in it, which a password must have as %23"],
    ["http://user:fake-password@", "it is not a URL"],
    ["http://user:fake-password@proxy:port", "it is not a URL"],
    ["user:fake-password@proxy:99999", "it is not a URL"],
    ["http://user:fake-password%@proxy:3128", "its user name or password has a % that starts no %-encoded character"],
  ])("rejects %j, and names the variable but not the value", (text, reason) => {
    const failure = failureOf(() => proxyFor(new URL(API), { https_proxy: "", HTTPS_PROXY: text }));

    expect(failure).toMatchObject({
      code: "ERR_INVALID_SETTING",
      details: { summary: `Cannot use the proxy from environment variable HTTPS_PROXY: ${reason}` },
    });
    expect(everythingIn(failure)).not.toContain("fake-password");
  });

  it("does not reject a proxy if NO_PROXY names the host", () => {
    expect(proxyFor(new URL(API), { ALL_PROXY: "socks5://proxy", NO_PROXY: "api.cloudflare.com" })).toBeUndefined();
  });

  it.each<[string, string, boolean]>([
    // Names: the host, and every host below it.
    ["api.cloudflare.com", "api.cloudflare.com", true],
    ["API.Cloudflare.COM", "api.cloudflare.com", true],
    ["cloudflare.com", "api.cloudflare.com", true],
    [".cloudflare.com", "api.cloudflare.com", true],
    ["*.cloudflare.com", "api.cloudflare.com", true],
    [".api.cloudflare.com", "api.cloudflare.com", true],
    ["com", "api.cloudflare.com", true],
    ["api.cloudflare.com.", "api.cloudflare.com", true],
    ["api.cloudflare.com", "api.cloudflare.com.", true],
    ["flare.com", "api.cloudflare.com", false],
    ["www.cloudflare.com", "api.cloudflare.com", false],
    ["api", "api.cloudflare.com", false],
    ["api.*", "api.cloudflare.com", false],
    [".", "api.cloudflare.com", false],
    ["", "api.cloudflare.com", false],
    // Lists.
    ["*", "api.cloudflare.com", true],
    ["example.com,*", "api.cloudflare.com", true],
    ["example.com, api.cloudflare.com", "api.cloudflare.com", true],
    ["example.com api.cloudflare.com", "api.cloudflare.com", true],
    [" , ,api.cloudflare.com,", "api.cloudflare.com", true],
    ["example.com,example.org", "api.cloudflare.com", false],
    // Ports.
    ["api.cloudflare.com:443", "api.cloudflare.com", true],
    ["api.cloudflare.com:8443", "api.cloudflare.com", false],
    ["api.cloudflare.com:8443", "api.cloudflare.com:8443", true],
    ["10.1.2.3:8443", "10.1.2.3:8443", true],
    ["[fd00::1]:8443", "[fd00::1]:8443", true],
    ["[fd00::1]:8443", "[fd00::1]", false],
    // Addresses: themselves, or their network.
    ["10.1.2.3", "10.1.2.3", true],
    ["10.1.2.4", "10.1.2.3", false],
    ["2.3", "10.1.2.3", false],
    [".2.3", "10.1.2.3", false],
    ["10.0.0.0/8", "10.1.2.3", true],
    ["10.1.2.0/30", "10.1.2.3", true],
    ["10.1.2.0/31", "10.1.2.3", false],
    ["10.1.2.3/32", "10.1.2.3", true],
    ["0.0.0.0/0", "10.1.2.3", true],
    ["11.0.0.0/8", "10.1.2.3", false],
    ["10.0.0.0/33", "10.1.2.3", false],
    ["10.0.0.0/", "10.1.2.3", false],
    ["10.0.0.0/8/8", "10.1.2.3", false],
    ["10.0.0.0/8x", "10.1.2.3", false],
    ["10.0.0.0/8", "api.cloudflare.com", false],
    ["fd00::1", "[fd00::1]", true],
    ["[fd00::1]", "[fd00::1]", true],
    ["FD00:0:0::1", "[fd00::1]", true],
    ["fd00::/8", "[fd00::1]", true],
    ["[fd00::]/8", "[fd00::1]", true],
    ["fe80::/10", "[fd00::1]", false],
    ["fd00::/129", "[fd00::1]", false],
    ["::/0", "10.1.2.3", false],
    ["0.0.0.0/0", "[fd00::1]", false],
  ])("NO_PROXY %j and the host %s: direct is %s", (list, host, direct) => {
    const proxy = proxyFor(new URL(`https://${host}/client/v4`), { HTTPS_PROXY: PROXY, NO_PROXY: list });

    expect(proxy === undefined).toBe(direct);
  });

  it.each<[string, Record<string, string>, boolean]>([
    ["lower case before upper case", { no_proxy: "example.com", NO_PROXY: "*" }, false],
    ["upper case if lower case is empty", { no_proxy: "", NO_PROXY: "*" }, true],
  ])("reads NO_PROXY: %s", (_what, env, direct) => {
    expect(proxyFor(new URL(API), { HTTPS_PROXY: PROXY, ...env }) === undefined).toBe(direct);
  });
});
