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

async function acceptance(options: SimulatorOptions, ...flags: string[]): Promise<Ended & { tunnelId: string }> {
  simulator = await startSimulator(options);
  const { accountId, apiToken, url } = simulator;
  const tunnelId = simulator.addTunnel();
  const args = ["tools/acceptance/main.ts", "--account", accountId, "--tunnel", tunnelId, ...flags];
  const env = { ...process.env, CLOUDFLARE_API_TOKEN: apiToken, CLOUDFLARE_BASE_URL: url };
  const ended = await new Promise<Ended>((resolve) => {
    const child = execFile("node_modules/.bin/tsx", args, { env }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, text: stdout + stderr });
    });
  });
  return { ...ended, tunnelId };
}

const answerTo = (question: string, { text }: Ended) => new RegExp(`^${question} +(.*)$`, "m").exec(text)?.[1];

describe("npm run acceptance", () => {
  it("sends nothing without the flag that allows it", async () => {
    const { code, text } = await acceptance({});

    expect(code).toBe(2);
    expect(text).toContain(FLAG);
    expect(simulator?.requests()).toEqual([]);
  });

  it("prints its findings, and no key", async () => {
    const ended = await acceptance({}, FLAG);

    expect(ended.code).toBe(0);
    expect(answerTo("length and characters of a generated key", ended)).toContain("43 characters");
    expect(findLeaks(new Map([["output", ended.text]]), simulator?.issuedKeys() ?? [])).toEqual([]);
  });

  it.each([
    ["validate_only persists nothing", { validatePersists: true }, "yes", "no"],
    ["validate_only answers with a key", { validateAnswersKey: false }, "yes", "no"],
    ["psk_generate answers with ipsec_id", { generateAnswersIpsecId: false }, "yes", "no"],
    ["a read shows remote_identities", { getAnswersRemoteIdentities: false }, "yes", "no"],
    ["a PUT with psk moves the time stamp", { putMovesTimestamp: true }, "no", "yes"],
    ["a PUT with psk: null removes the key", { putNullRemovesKey: false }, "yes", "no"],
  ])("finds out whether %s", async (question, assumptions, usually, otherwise) => {
    const asUsual = answerTo(question, await acceptance({}, FLAG));
    await simulator?.close();
    const found = answerTo(question, await acceptance({ assumptions }, FLAG));

    expect([asUsual, found]).toEqual([usually, otherwise]);
  });

  it("fails if the tunnel cannot be read", async () => {
    const { code, text } = await acceptance(
      { tokens: [{ token: "fake-token-without-rights-000", permissions: [] }] },
      FLAG,
    );

    expect(code).toBe(1);
    expect(text).toContain("The tunnel cannot be read: HTTP 403");
  });
});
