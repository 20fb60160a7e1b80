import { listIpsecTunnels } from "../../src/cloudflare/ipsec-tunnels";
import { questionOf } from "../../src/preview/question";
import { proveHarmless } from "../../src/preview/validate-only-probe";
import { faults, type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator";
import { rejectionOf } from "../support/failure-of";
import { testClient, type TestClient } from "../support/test-client";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const TUNNEL = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const KEYLESS = "dddddddddddddddddddddddddddddddd";
const GENERATED_ON = "2026-03-01T12:00:00.123456Z";

const ref = (ipsecTunnelId: string) => ({ accountId: ACCOUNT, ipsecTunnelId });

describe("proveHarmless()", () => {
  let simulator: Simulator;
  let cloudflare: TestClient;

  async function start(options: SimulatorOptions): Promise<void> {
    const tunnels = [{ id: TUNNEL, lastGeneratedOn: GENERATED_ON }, { id: KEYLESS }];
    simulator = await startSimulator({ accounts: [{ id: ACCOUNT, tunnels }], ...options });
    cloudflare = testClient(simulator.url, { apiToken: simulator.apiToken });
  }
  afterEach(async () => {
    await cloudflare.close();
    await simulator.close();
  });

  async function prove(tunnelId: string, psk?: string): Promise<string> {
    const { client, options } = cloudflare;
    const tunnels = await listIpsecTunnels(client, ACCOUNT, options);
    simulator.clearRequests();
    return proveHarmless(client, questionOf(psk), ref(tunnelId), tunnels, { ...options, maxAttempts: 1 });
  }

  it.each([TUNNEL, KEYLESS])("returns the tunnel that it validated, after one more list: %s", async (tunnelId) => {
    await start({});

    await expect(prove(tunnelId)).resolves.toBe(tunnelId);
    expect(simulator.requests().map(({ operation }) => operation)).toEqual(["validate", "list"]);
  });

  it("fails if the tunnel's timestamp has moved, with both times and what to do", async () => {
    await start({ assumptions: { validatePersists: true } });

    const failure = await rejectionOf(prove(TUNNEL));

    expect(failure).toMatchObject({ code: "ERR_VALIDATION_PERSISTS", nextStep: "report" });
    expect(failure.details.summary).toMatch(
      new RegExp(
        `^Cannot trust this preview: validate_only has generated a key for IPsec tunnel ${TUNNEL}, although it must not \\(timestamp before: ${GENERATED_ON}, after: 20.*Z\\)$`,
      ),
    );
    expect(failure.details.remedy).toBe(
      "The old key of that tunnel is no longer active: generate a new one for it. Set validateInPreview to false on every IpsecTunnelPsk, and report this to Cloudflare. Nothing more is validated.",
    );
  });

  it("does not mistake a second list that lags behind for a generation", async () => {
    await start({});
    simulator.rotate(TUNNEL);
    simulator.fault({ kind: "stale" }, { operations: ["list"], after: 1 });

    await expect(prove(TUNNEL)).resolves.toBe(TUNNEL);
  });

  it("fails if a tunnel without a key has one now", async () => {
    await start({ assumptions: { validatePersists: true } });

    const failure = await rejectionOf(prove(KEYLESS));

    expect(failure.message).toContain(
      `IPsec tunnel ${KEYLESS}, although it must not (timestamp before: none, after: 20`,
    );
    expect(failure.message).toContain("The old key of that tunnel, if it had one, is no longer active:");
  });

  it("never quotes a key", async () => {
    await start({ assumptions: { validatePersists: true } });

    const failure = await rejectionOf(prove(TUNNEL));

    expect(simulator.issuedKeys()).toHaveLength(2);
    expect(simulator.issuedKeys().filter((key) => failure.message.includes(key))).toEqual([]);
  });

  it("fails if the second list cannot be read", async () => {
    await start({});
    simulator.fault(faults.serverError(500), { operations: ["list"], after: 1 });

    expect((await rejectionOf(prove(TUNNEL))).code).toBe("ERR_UNAVAILABLE");
  });
});
