import type { ConnectionSetting } from "../../src/cloudflare/credentials";
import { validatePskGeneration } from "../../src/cloudflare/ipsec-tunnels";
import type { RateLimiter } from "../../src/cloudflare/rate-limiter";
import { connect, type Connection, environment, noCredentials, stackConfig } from "../../src/connection/connection";
import { DEFAULTS, PROVIDER_NAME_KEY } from "../../src/connection/settings";
import { type Simulator, startSimulator } from "../../src/simulator";

const FAKE_TOKEN = "fake-token-that-cloudflare-does-not-know";
const stack = (config: Record<string, string>) => stackConfig((key) => config[key]);
const nothing = stack({});

describe("stackConfig()", () => {
  it.each<[ConnectionSetting, string]>([
    ["apiToken", "cloudflare:apiToken"],
    ["apiKey", "cloudflare:apiKey"],
    ["email", "cloudflare:email"],
    ["baseUrl", "cloudflare:baseUrl"],
  ])("finds %s under @pulumi/cloudflare's own key, and names it", (name, key) => {
    const source = stack({ [key]: "fake value" });

    expect([source.get(name), source.originOf(name).name]).toEqual(["fake value", `stack config ${key}`]);
  });

  it("takes the namespace of this package as a whole if it has a credential", () => {
    const config = {
      "cloudflare-ipsec-psk:apiToken": "ours",
      "cloudflare:apiToken": "fake",
      "cloudflare:baseUrl": "fake",
    };
    const source = stack(config);

    expect([source.get("apiToken"), source.get("baseUrl")]).toEqual(["ours", undefined]);
    expect(source.originOf("baseUrl").name).toBe("stack config cloudflare-ipsec-psk:baseUrl");
  });

  it.each(["baseUrl", "detectDrift"])("does not take it for cloudflare-ipsec-psk:%s alone", (name) => {
    const source = stack({ [`cloudflare-ipsec-psk:${name}`]: "fake", "cloudflare:apiToken": "fake value" });

    expect([source.get("apiToken"), source.get("baseUrl")]).toEqual(["fake value", undefined]);
  });

  it("has a note beside the name", () => {
    expect(stackConfig(() => undefined, "A note.").originOf("apiToken")).toEqual({
      name: "stack config cloudflare:apiToken",
      note: "A note.",
    });
  });
});

describe("stackConfig() of an explicit provider", () => {
  it("names the provider instead of the key, and drops the note", () => {
    const source = stackConfig((key) => (key === PROVIDER_NAME_KEY ? "emea" : undefined), "A note.");

    expect(source.originOf("apiToken")).toEqual({ name: 'apiToken of Provider "emea"' });
  });
});

describe("environment()", () => {
  it.each<[ConnectionSetting, string]>([
    ["apiToken", "CLOUDFLARE_API_TOKEN"],
    ["apiKey", "CLOUDFLARE_API_KEY"],
    ["email", "CLOUDFLARE_EMAIL"],
    ["baseUrl", "CLOUDFLARE_BASE_URL"],
  ])("finds %s in the variable of Cloudflare's own tools, and names it", (name, variable) => {
    const source = environment({ [variable]: "fake value" });

    expect([source.get(name), source.originOf(name).name]).toEqual(["fake value", `environment variable ${variable}`]);
  });
});

describe("environment() with variables that are set but empty", () => {
  it.each(["CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY", "CLOUDFLARE_EMAIL", "CLOUDFLARE_BASE_URL"])(
    "treats %s as unset",
    (variable) => {
      const source = environment({ [variable]: "" });

      const names: ConnectionSetting[] = ["apiToken", "apiKey", "email", "baseUrl"];
      expect(names.map((name) => source.get(name))).toEqual([undefined, undefined, undefined, undefined]);
    },
  );
});

describe("connect()", () => {
  it("returns nothing if no source has credentials", () => {
    expect(
      connect([nothing, environment({ CLOUDFLARE_BASE_URL: "https://api.example.com" })], DEFAULTS),
    ).toBeUndefined();
  });

  it("calls Cloudflare itself if no source has a base URL", () => {
    expect(connect([stack({ "cloudflare:apiToken": FAKE_TOKEN })], DEFAULTS)?.baseUrl).toBe(
      "https://api.cloudflare.com/client/v4",
    );
  });

  it("returns nothing if the credentials in the environment are empty", () => {
    expect(connect([nothing, environment({ CLOUDFLARE_API_TOKEN: "" })], DEFAULTS)).toBeUndefined();
  });

  it("calls Cloudflare itself if the base URL in the environment is empty", () => {
    const env = environment({ CLOUDFLARE_API_TOKEN: FAKE_TOKEN, CLOUDFLARE_BASE_URL: "" });

    expect(connect([nothing, env], DEFAULTS)?.baseUrl).toBe("https://api.cloudflare.com/client/v4");
  });

  // A user has set it, and another credential could act on another account.
  it.each([
    ["token", { "cloudflare:apiToken": "" }, "ERR_INVALID_CREDENTIALS", "cloudflare:apiToken: it is empty"],
    [
      "key",
      { "cloudflare:apiKey": "", "cloudflare:email": "a@example.com" },
      "ERR_INVALID_CREDENTIALS",
      "cloudflare:apiKey: it is empty",
    ],
    [
      "email",
      { "cloudflare:apiKey": "fake", "cloudflare:email": "" },
      "ERR_INVALID_CREDENTIALS",
      "cloudflare:email: it is empty",
    ],
    [
      "base URL",
      { "cloudflare:apiToken": FAKE_TOKEN, "cloudflare:baseUrl": "" },
      "ERR_INVALID_BASE_URL",
      "cloudflare:baseUrl: it is empty",
    ],
  ])("rejects an empty %s in the stack config, even if the environment has another", (_what, config, code, what) => {
    const env = environment({ CLOUDFLARE_API_TOKEN: FAKE_TOKEN, CLOUDFLARE_BASE_URL: "https://api.example.com" });

    expect(() => connect([stack(config), env], DEFAULTS)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(what) as string }) as Error,
    );
  });

  it.each([
    ["a malformed token", { "cloudflare:apiToken": "Bearer fake" }, "ERR_INVALID_CREDENTIALS", "cloudflare:apiToken"],
    ["half a pair", { "cloudflare:apiKey": "fake-key" }, "ERR_INVALID_CREDENTIALS", "cloudflare:email"],
    [
      "a base URL without encryption",
      { "cloudflare:apiToken": FAKE_TOKEN, "cloudflare:baseUrl": "http://api.example.com" },
      "ERR_INVALID_BASE_URL",
      "cloudflare:baseUrl",
    ],
  ])("rejects %s, and names its origin", (_what, config, code, origin) => {
    expect(() => connect([stack(config), environment({ CLOUDFLARE_API_TOKEN: FAKE_TOKEN })], DEFAULTS)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`stack config ${origin}`) as string }) as Error,
    );
  });
});

describe("connect() to a simulated Cloudflare", () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({ users: [{ email: "fake@example.com", key: "fake-api-key" }] });
  });
  afterEach(() => simulator.close());

  function ask(...sources: Parameters<typeof connect>[0]): Promise<void> {
    return askThrough(connect(sources, DEFAULTS));
  }

  function askThrough(connection: Connection | undefined): Promise<void> {
    if (connection === undefined) throw new Error("No credentials were found");
    const tunnel = { accountId: simulator.accountId, ipsecTunnelId: simulator.addTunnel() };
    return validatePskGeneration(connection.client, tunnel, { announce: () => undefined, maxAttempts: 1 });
  }

  const good = () => stack({ "cloudflare:apiToken": simulator.apiToken, "cloudflare:baseUrl": simulator.url });

  it("returns the base URL that it calls", () => {
    expect(connect([good()], DEFAULTS)?.baseUrl).toBe(simulator.url);
  });

  it("sends every call through the limiter", async () => {
    const left: (number | undefined)[] = [];
    const limiter: RateLimiter = {
      enter: () => Promise.resolve({ waitedMs: 0, leave: (response) => left.push(response?.status) }),
    };

    await askThrough(connect([good()], DEFAULTS, limiter));

    expect(left).toEqual([200]);
  });

  it("waits for a response as long as the settings say", async () => {
    simulator.fault({ kind: "silence", effect: false });

    // On a busy machine, the time may be over before the connection.
    await expect(askThrough(connect([good()], { ...DEFAULTS, requestTimeoutMs: 20 }))).rejects.toThrow(
      /no (?:connection|response) within 0\.02 s/,
    );
  });

  it("sends nothing by itself", () => {
    connect([good()], DEFAULTS);

    expect(simulator.requests()).toEqual([]);
  });

  it("uses an API token", async () => {
    await expect(ask(good())).resolves.toBeUndefined();
  });

  it("uses an API key and its email", async () => {
    const pair = { "cloudflare:apiKey": "fake-api-key", "cloudflare:email": "fake@example.com" };

    await expect(ask(stack({ ...pair, "cloudflare:baseUrl": simulator.url }))).resolves.toBeUndefined();
  });

  it("uses the API key if the token in the environment is empty", async () => {
    const env = {
      CLOUDFLARE_API_TOKEN: "",
      CLOUDFLARE_API_KEY: "fake-api-key",
      CLOUDFLARE_EMAIL: "fake@example.com",
      CLOUDFLARE_BASE_URL: simulator.url,
    };

    await expect(ask(nothing, environment(env))).resolves.toBeUndefined();
  });

  it("takes credentials and base URL from the first source that has each", async () => {
    const first = stack({ "cloudflare:apiToken": simulator.apiToken });
    const second = environment({ CLOUDFLARE_API_TOKEN: FAKE_TOKEN, CLOUDFLARE_BASE_URL: simulator.url });
    const third = environment({ CLOUDFLARE_BASE_URL: "https://api.example.com" });

    await expect(ask(first, second, third)).resolves.toBeUndefined();
  });
});

describe("noCredentials()", () => {
  it("names both ways to configure them", () => {
    const { code, details } = noCredentials();

    expect(code).toBe("ERR_NO_CREDENTIALS");
    expect(details.summary).toBe("Cannot call Cloudflare's API: no credentials are configured");
    expect(details.remedy).toMatch(/cloudflare:apiToken.*CLOUDFLARE_API_TOKEN/);
  });
});
