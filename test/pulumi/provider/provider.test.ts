import * as provider from "../../../src/pulumi/provider/provider";
import { faults, type Simulator, startSimulator } from "../../../src/simulator";
import { configOf } from "./config-of";

// The waits between tries take no time here; Pulumi's host has the real ones.
jest.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

describe("read()", () => {
  let simulator: Simulator;
  let state: Record<string, unknown>;
  let printed: jest.SpyInstance<boolean>;

  beforeEach(async () => {
    simulator = await startSimulator();
    printed = jest.spyOn(process.stdout, "write").mockReturnValue(true);
    state = {
      accountId: simulator.accountId,
      ipsecTunnelId: simulator.addTunnel({ psk: "a-fake-key-for-tests-only" }),
      psk: "a-fake-key-for-tests-only",
      status: "inForce",
      stateVersion: 1,
    };
    provider.configure({ config: { get: configOf(simulator) } });
  });

  afterEach(async () => {
    printed.mockRestore();
    await simulator.close();
  });

  it("fails for a 500 that stays: the tunnel may well be there", async () => {
    simulator.fault(faults.serverError(500), { times: Infinity });

    await expect(provider.read("fake-id", state)).rejects.toThrow("ERR_UNAVAILABLE");
  });

  it("survives a 500 that passes", async () => {
    simulator.fault(faults.serverError(500));

    await expect(provider.read("fake-id", state)).resolves.toMatchObject({ id: "fake-id" });
  });
});

describe("configure()", () => {
  const broken = {
    config: {
      get(): never {
        throw new Error("A fake configuration that cannot be read");
      },
    },
  };

  // A failure here would be ignored, and everything after it would run without a configuration.
  it("looks at nothing, so that it cannot fail", () => {
    expect(() => {
      provider.configure(broken);
    }).not.toThrow();
  });
});
