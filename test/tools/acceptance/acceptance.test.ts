import { execFile } from "node:child_process";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../src/simulator";
import { findLeaks } from "../../support/leaks";

const FLAG = "--this-tunnel-may-lose-its-key";

let simulator: Simulator | undefined;

afterEach(() => simulator?.close());

interface Ended {
  readonly code: number;
  readonly text: string;
}

async function acceptance(options: SimulatorOptions, ...flags: string[]): Promise<Ended> {
  simulator = await startSimulator(options);
  const { accountId, apiToken, url } = simulator;
  const tunnel = ["--account", accountId, "--tunnel", simulator.addTunnel()];
  return run([...tunnel, ...flags], { CLOUDFLARE_API_TOKEN: apiToken, CLOUDFLARE_BASE_URL: url });
}

function run(args: readonly string[], variables: NodeJS.ProcessEnv): Promise<Ended> {
  const env = { ...process.env, ...variables };
  return new Promise<Ended>((resolve) => {
    const child = execFile(
      "node_modules/.bin/tsx",
      ["tools/acceptance/main.ts", ...args],
      { env },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, text: stdout + stderr });
      },
    );
  });
}

/** The result in the line of a fact. */
const resultOf = (fact: string, { text }: Ended) =>
  text
    .split("\n")
    .find((line) => line.startsWith(`${fact} `))
    ?.slice(fact.length)
    .trim();

describe("npm run acceptance", () => {
  it("sends nothing without the flag, and says what is missing", async () => {
    const { code, text } = await acceptance({});

    expect(code).toBe(2);
    expect(text).toContain(`Cannot start: missing ${FLAG}. Nothing was sent.`);
    expect(text).toContain("keeps none of the keys: use a tunnel that carries no traffic");
    expect(simulator?.requests()).toEqual([]);
  });

  it("prints what it found, what to do, and no key", async () => {
    const ended = await acceptance({}, FLAG);

    expect(ended.code).toBe(0);
    expect(resultOf("POST psk_generate: length and characters of the key", ended)).toMatch(
      /^43 characters: A-Z, a-z, 0-9/,
    );
    expect(ended.text).toContain("generate a new key before you use the tunnel");
    expect(findLeaks(new Map([["output", ended.text]]), simulator?.issuedKeys() ?? [])).toEqual([]);
  });

  it.each([
    ["POST psk_generate?validate_only=true: changes nothing (same timestamp)", { validatePersists: true }, "yes", "no"],
    ["POST psk_generate?validate_only=true: response contains a key", { validateReturnsKey: false }, "yes", "no"],
    ["POST psk_generate: response contains ipsec_id", { generateReturnsIpsecId: false }, "yes", "no"],
    ["GET: response contains remote_identities", { getReturnsRemoteIdentities: false }, "yes", "no"],
    ["POST psk: changes the timestamp", { setMovesTimestamp: false }, "yes", "no"],
    ["PUT with psk: changes the timestamp", { putMovesTimestamp: true }, "no", "yes"],
    ["PUT with psk null: removes the key (no timestamp)", { putNullRemovesKey: false }, "yes", "no"],
  ])("finds out: %s", async (fact, assumptions, usually, otherwise) => {
    const asUsual = resultOf(fact, await acceptance({}, FLAG));
    await simulator?.close();
    const found = resultOf(fact, await acceptance({ assumptions }, FLAG));

    expect([asUsual, found]).toEqual([usually, otherwise]);
  });

  it("fails if the tunnel cannot be read, and says what to check", async () => {
    const { code, text } = await acceptance(
      { tokens: [{ token: "fake-token-without-rights-000", permissions: [] }] },
      FLAG,
    );

    expect(code).toBe(1);
    expect(text).toContain("Cannot read the tunnel: HTTP 403\nWhat to do: Check --account, --tunnel,");
  });

  it.each([
    ["a line break", "fake-token-with\na-line-break"],
    ["a character beyond Latin-1", "fake-token-with-“-quotes"],
  ])("does not print a token that contains %s", async (_what, apiToken) => {
    const { code, text } = await run(["--account", "fake-account", "--tunnel", "fake-tunnel", FLAG], {
      CLOUDFLARE_API_TOKEN: apiToken,
      CLOUDFLARE_BASE_URL: "http://127.0.0.1:9",
    });

    expect(code).toBe(1);
    expect(text).toMatch(/^Cannot call http:\/\/127\.0\.0\.1:9: the request cannot be sent; check the token/m);
    expect(text).not.toContain("fake-token-with");
  });

  it("names the failure if Cloudflare cannot be reached", async () => {
    await acceptance({});
    const { url = "", apiToken = "" } = simulator ?? {};
    await simulator?.close();

    const { code, text } = await run(["--account", "fake-account", "--tunnel", "fake-tunnel", FLAG], {
      CLOUDFLARE_API_TOKEN: apiToken,
      CLOUDFLARE_BASE_URL: url,
    });

    expect(code).toBe(1);
    expect(text).toContain(`Cannot call ${url}: ECONNREFUSED`);
  });
});
