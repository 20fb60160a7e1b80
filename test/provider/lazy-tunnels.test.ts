import type { Operation, TunnelRef } from "../../src/psk/tunnel-api";
import { configureTunnels } from "../../src/provider/lazy-tunnels";
import { DEFAULTS } from "../../src/provider/settings";
import { type Simulator, startSimulator } from "../../src/simulator";
import { rejectionOf } from "../support/failure-of";
import { configOf } from "../dynamic/config-of";

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
  it("reads nothing before something is asked", () => {
    const read = jest.fn<string | undefined, [string]>();

    configureTunnels(read);

    expect(read).not.toHaveBeenCalled();
  });

  it("gives the settings without credentials", () => {
    expect(configureTunnels(() => undefined).settings()).toEqual(DEFAULTS);
  });

  it("gives an edge whose every call reaches Cloudflare, and shares what is known", async () => {
    const { edge } = configureTunnels(configOf(simulator));

    const { psk } = await edge.generate(tunnel, operation);
    const sights = [await edge.readAfter(tunnel, operation), await edge.read(tunnel, operation)];
    const lists = await Promise.all([edge.listed(tunnel, operation), edge.listed(tunnel, operation)]);

    expect(psk).toBe(simulator.keyAtEdge(tunnel.ipsecTunnelId));
    expect([...sights, ...lists].map(({ kind }) => kind)).toEqual(["tunnel", "tunnel", "tunnel", "tunnel"]);
    expect(simulator.requests().map(({ operation }) => operation)).toEqual(["generate", "get", "get", "list"]);
  });

  it.each([
    ["a setting", { "cloudflare-ipsec-psk:maxReads": "0" }, "ERR_INVALID_SETTING"],
    ["a credential", { "cloudflare:apiToken": "Bearer fake" }, "ERR_INVALID_CREDENTIALS"],
    ["a base URL", { "cloudflare:baseUrl": "http://api.example.com" }, "ERR_INVALID_BASE_URL"],
  ])("fails for %s that is malformed, each time anew", async (_what, changes, code) => {
    const { edge } = configureTunnels(configOf(simulator, changes));
    const failures = [rejectionOf(edge.read(tunnel, operation)), rejectionOf(edge.generate(tunnel, operation))];

    expect((await Promise.all(failures)).map((failure) => failure.code)).toEqual([code, code]);
    expect(await rejectionOf(edge.listed(tunnel, operation))).toMatchObject({ code });
    expect(simulator.requests()).toEqual([]);
  });
});
