import {
  authorizationHeaders,
  type Credentials,
  findCredentials,
  secretsOf,
  type ConnectionSetting,
  type SettingsSource,
} from "../../src/cloudflare/credentials";
import { everythingIn, failureOf } from "../support/failure-of";

const apiToken = "fake-token-for-tests-only";
const apiKey = "fake-api-key-for-tests-only";
const email = "someone@example.com";

const none: Settings = {};
const token: Settings = { apiToken };
const key: Settings = { apiKey, email };

const byToken = (name: string): Credentials => ({ scheme: "apiToken", apiToken, origin: { name } });
const byKey = (name: string): Credentials => ({ scheme: "apiKey", apiKey, email, origin: { name } });

describe("findCredentials()", () => {
  it.each([
    ["nothing if no source has any", [none, none], undefined],
    ["a token", [token], byToken("first apiToken")],
    ["a key with its email", [key], byKey("first apiKey")],
    ["the first source that has any", [none, token], byToken("second apiToken")],
    ["a key of the first source before a token of the second", [key, token], byKey("first apiKey")],
    ["a token of the first source before a key of the second", [token, key], byToken("first apiToken")],
    ["the token of a source that has both", [{ ...token, ...key }], byToken("first apiToken")],
    ["nothing from a source that has only an email", [{ email }, token], byToken("second apiToken")],
    ["nothing from a source that has only a base URL", [{ baseUrl: "https://api.example.com" }], undefined],
  ] satisfies [string, Settings[], Credentials | undefined][])("takes %s", (_what, settings, expected) => {
    expect(findCredentials(sources(settings))).toEqual(expected);
  });

  it.each([
    ["", "it is empty"],
    [`Bearer ${apiToken}`, 'it starts with "Bearer", which is added for you'],
    [`bearer ${apiToken}`, 'it starts with "Bearer", which is added for you'],
    [` ${apiToken}`, "it has white space in it"],
    [`${apiToken}\n`, "it has white space in it"],
    [`${apiToken}\u00a0`, "it has white space in it"],
    [`"${apiToken}"`, "it has quotes in it"],
    [`'${apiToken}'`, "it has quotes in it"],
    ["`" + apiToken, "it has quotes in it"],
    [`${apiToken}\u0000`, "it has characters outside printable ASCII"],
    [`${apiToken}é`, "it has characters outside printable ASCII"],
  ])("rejects a malformed token: %j", (malformed, reason) => {
    const failure = failureOf(() => findCredentials(sources([{ apiToken: malformed }, token])));

    expect(failure).toMatchObject({
      code: "ERR_INVALID_CREDENTIALS",
      details: { summary: `Cannot use the credential from first apiToken: ${reason}` },
    });
    expect(everythingIn(failure)).not.toContain(apiToken);
  });

  it.each([
    ["key", { apiKey: `${apiKey} `, email }, "Cannot use the credential from first apiKey: it has"],
    ["email", { apiKey, email: ` ${email}` }, "Cannot use the credential from first email: it has"],
    ["empty email", { apiKey, email: "" }, "Cannot use the credential from first email: it is empty"],
  ])("rejects a malformed %s", (_what, settings, summary) => {
    const failure = failureOf(() => findCredentials(sources([settings])));

    expect(failure.code).toBe("ERR_INVALID_CREDENTIALS");
    expect(failure.details.summary).toContain(summary);
    expect(everythingIn(failure)).not.toContain(apiKey);
  });

  it("rejects a key without an email, even if a later source has a token", () => {
    const failure = failureOf(() => findCredentials(sources([{ apiKey }, token])));

    expect(failure).toMatchObject({
      code: "ERR_INVALID_CREDENTIALS",
      details: { summary: "Cannot use first apiKey: first email is not set" },
    });
    expect(everythingIn(failure)).not.toContain(apiKey);
  });
});

describe("authorizationHeaders()", () => {
  it.each([
    ["a token", byToken("here"), { authorization: `Bearer ${apiToken}` }],
    ["a key", byKey("here"), { "x-auth-email": email, "x-auth-key": apiKey }],
  ])("returns the headers of one scheme: %s", (_what, credentials, headers) => {
    expect(authorizationHeaders(credentials)).toEqual(headers);
  });
});

describe("secretsOf()", () => {
  it.each([
    ["a token", byToken("here"), [apiToken]],
    ["a key", byKey("here"), [apiKey]],
  ])("returns %s", (_what, credentials, secrets) => {
    expect(secretsOf(credentials)).toEqual(secrets);
  });
});

type Settings = Partial<Record<ConnectionSetting, string>>;

function sources(settings: readonly Settings[]): SettingsSource[] {
  const ordinals = ["first", "second"];
  return settings.map((values, index) => ({
    originOf: (name) => ({ name: `${ordinals[index] ?? ""} ${name}` }),
    get: (name) => values[name],
  }));
}
