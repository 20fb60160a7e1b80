import type { PulumiFn } from "@pulumi/pulumi/automation";
import { closeWithoutLeaks, KINDS, startEngine, type TestEngine } from "../support/engine";

/** What a terminal acts on, what a reader is deceived by, and what gRPC cannot carry. */
const HOSTILE = "bad name caf\ud83d \u001b[2J\u001b]0;title\u0007\u202eesrever\u2066\r\nFake: line";
const SHOWN = "bad name caf\ufffd esrever Fake: line";

describe.each(KINDS)("text that no terminal and no protocol should get ($kind)", ({ Key, ...kind }) => {
  let engine: TestEngine;
  let tunnels: readonly string[];

  beforeEach(async () => {
    engine = await startEngine({ kind: { Key, ...kind } });
    tunnels = Array.from({ length: 4 }, (_, index) => engine.simulator.addTunnel({ name: `branch-${index}` }));
  });

  afterEach(() => closeWithoutLeaks(engine));

  const keys: PulumiFn = () => {
    const { accountId } = engine.simulator;
    tunnels.forEach(
      (ipsecTunnelId, index) => new Key(`key-${index}`, { accountId, ipsecTunnelId, validateInPreview: false }),
    );
    return Promise.resolve();
  };

  const refusal = {
    success: false,
    errors: [{ code: 1, message: HOSTILE, source: { pointer: HOSTILE } }],
    result: null,
  };

  it("in a refusal fails its own tunnel with ERR_REFUSED, and no other", async () => {
    const [refused = "", ...others] = tunnels;
    const fault = { kind: "response", status: 400, body: refusal, headers: { "cf-ray": "" } } as const;
    engine.simulator.fault(fault, { operations: ["generate"], tunnelId: refused });

    const up = await engine.up(keys);

    expect(up.succeeded).toBe(false);
    expect(up.text).toContain(`Cloudflare said: 1 ${SHOWN} at ${SHOWN} (HTTP 400)`);
    expect(up.text).toContain("(ERR_REFUSED)");
    expect(await engine.stored("key-0")).toBeUndefined();
    for (const [index, id] of others.entries()) {
      expect((await engine.stored(`key-${index + 1}`))?.psk).toBe(engine.simulator.keyAtEdge(id));
    }
  }, 60_000);

  it("in a preview fails its own tunnel with ERR_REFUSED", async () => {
    const fault = { kind: "response", status: 400, body: refusal } as const;
    engine.simulator.fault(fault, { operations: ["validate"], times: Infinity });

    const preview = await engine.preview(() => {
      new Key("key-0", { accountId: engine.simulator.accountId, ipsecTunnelId: tunnels[0] ?? "" });
      return Promise.resolve();
    });

    expect(preview.text).toContain("(ERR_REFUSED)");
    expect(preview.text).toContain(`1 ${SHOWN} at ${SHOWN}`);
  }, 60_000);
});
