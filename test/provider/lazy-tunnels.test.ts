import { configureTunnels } from "../../src/provider/lazy-tunnels";
import { DEFAULTS } from "../../src/provider/settings";
import { type Simulator, startSimulator } from "../../src/simulator";
import type { Operation, TunnelRef } from "../../src/tunnel";
import { configOf } from "../dynamic/config-of";
import { rejectionOf } from "../support/failure-of";

let simulator: Simulator;
let tunnel: TunnelRef;

let lines: string[];
const announce = (line: string) => void lines.push(line);

const operation: Operation = {
  announce: () => undefined,
  onCloudflareWait: () => undefined,
  beforeLateSend: () => Promise.resolve(),
};

beforeEach(async () => {
  lines = [];
  simulator = await startSimulator();
  tunnel = { accountId: simulator.accountId, ipsecTunnelId: simulator.addTunnel() };
});
afterEach(() => simulator.close());

describe("configureTunnels()", () => {
  it("reads no configuration before the first call", () => {
    const read = jest.fn<string | undefined, [string]>();

    configureTunnels(read, announce);

    expect(read).not.toHaveBeenCalled();
  });

  it("returns the settings even without credentials", () => {
    expect(configureTunnels(() => undefined, announce).settings()).toEqual(DEFAULTS);
  });

  it("returns tunnels whose every call reaches Cloudflare, with one list for all", async () => {
    const { tunnels } = configureTunnels(configOf(simulator), announce);

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
    const { tunnels } = configureTunnels(configOf(simulator, changes), announce);
    const failures = [rejectionOf(tunnels.read(tunnel, operation)), rejectionOf(tunnels.generate(tunnel, operation))];

    expect((await Promise.all(failures)).map((failure) => failure.code)).toEqual([code, code]);
    expect(await rejectionOf(tunnels.readFromList(tunnel, operation))).toMatchObject({ code });
    expect(simulator.requests()).toEqual([]);
  });

  it("returns reads for a look at the edge, with a list of their own", async () => {
    simulator.rotate(tunnel.ipsecTunnelId);
    const { tunnels, drift } = configureTunnels(configOf(simulator), announce);

    const [listed, single] = [await drift.fromList(tunnel), await drift.single(tunnel)];
    await tunnels.readFromList(tunnel, operation);

    expect(listed).toEqual({ kind: "tunnel", lastGeneratedOn: expect.any(String) as string });
    expect(single).toEqual(listed);
    expect(simulator.requests().map(({ operation }) => operation)).toEqual(["list", "get", "list"]);
  });

  it("does not look with detectDrift: false", async () => {
    const { drift } = configureTunnels(configOf(simulator, { "cloudflare-ipsec-psk:detectDrift": "false" }), announce);

    expect([await drift.fromList(tunnel), await drift.single(tunnel)]).toEqual([undefined, undefined]);
    expect(simulator.requests()).toEqual([]);
    expect(lines).toEqual([]);
  });

  it.each([
    ["a setting", { "cloudflare-ipsec-psk:lostResponseWaitMs": "-1" }],
    ["a credential", { "cloudflare:apiToken": "Bearer fake" }],
  ])("returns reads that fail nothing for %s that is malformed, and says so in one line", async (_what, changes) => {
    const { drift } = configureTunnels(configOf(simulator, changes), announce);

    expect([await drift.fromList(tunnel), await drift.fromList(tunnel), await drift.single(tunnel)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(lines).toEqual([expect.stringMatching(/^Drift was not checked in account [0-9a-f]{32}: Cannot /) as string]);
  });
});
