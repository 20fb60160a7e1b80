import { configureTunnels } from "../../src/provider/lazy-tunnels";
import { DEFAULTS } from "../../src/provider/settings";
import { type Simulator, startSimulator } from "../../src/simulator";
import type { Operation, TunnelRef } from "../../src/tunnel";
import { configOf } from "../dynamic/config-of";
import { rejectionOf } from "../support/failure-of";

let simulator: Simulator;
let tunnel: TunnelRef;

const operation: Operation = {
  announce: () => undefined,
  onCloudflareWait: () => undefined,
  beforeLateSend: () => Promise.resolve(),
};

beforeEach(async () => {
  simulator = await startSimulator();
  tunnel = { accountId: simulator.accountId, ipsecTunnelId: simulator.addTunnel() };
});
afterEach(() => simulator.close());

describe("configureTunnels()", () => {
  it("reads no configuration before the first call", () => {
    const read = jest.fn<string | undefined, [string]>();

    configureTunnels(read);

    expect(read).not.toHaveBeenCalled();
  });

  it("returns the settings even without credentials", () => {
    expect(configureTunnels(() => undefined).settings()).toEqual(DEFAULTS);
  });

  it("returns tunnels whose every call reaches Cloudflare, with one list for all", async () => {
    const { tunnels } = configureTunnels(configOf(simulator));

    const { psk } = await tunnels.generate(tunnel, operation);
    const readings = [await tunnels.readAfter(tunnel, operation), await tunnels.read(tunnel, operation)];
    const lists = await Promise.all([tunnels.readFromList(tunnel, operation), tunnels.readFromList(tunnel, operation)]);

    expect(psk).toBe(simulator.keyAtEdge(tunnel.ipsecTunnelId));
    expect([...readings, ...lists].map(({ kind }) => kind)).toEqual(["tunnel", "tunnel", "tunnel", "tunnel"]);
    expect(simulator.requests().map(({ operation }) => operation)).toEqual(["generate", "get", "get", "list"]);
  });

  it.each([
    ["a setting", { "cloudflare-ipsec-psk:lostResponseWaitMs": "-1" }, "ERR_INVALID_SETTING"],
    ["a credential", { "cloudflare:apiToken": "Bearer fake" }, "ERR_INVALID_CREDENTIALS"],
    ["a base URL", { "cloudflare:baseUrl": "http://api.example.com" }, "ERR_INVALID_BASE_URL"],
  ])("returns tunnels whose every call fails for %s that is malformed", async (_what, changes, code) => {
    const { tunnels } = configureTunnels(configOf(simulator, changes));
    const failures = [rejectionOf(tunnels.read(tunnel, operation)), rejectionOf(tunnels.generate(tunnel, operation))];

    expect((await Promise.all(failures)).map((failure) => failure.code)).toEqual([code, code]);
    expect(await rejectionOf(tunnels.readFromList(tunnel, operation))).toMatchObject({ code });
    expect(simulator.requests()).toEqual([]);
  });
});
