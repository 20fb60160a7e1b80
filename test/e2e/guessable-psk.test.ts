import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { IpsecTunnelPskArgs } from "../../src";
import { closeWithoutLeaks, KINDS, type Outcome, startEngine, type TestEngine } from "../support/engine";

const GUESSABLE = "ThePasswordOfTheTunnel2026";
const REFERENCE = "op://branch-offices/tunnel-1/psk";
const RANDOM = "kQ2xW7bM4Lr3TfZ9${hJ8}nV5cD1sG6pY";

describe.each(KINDS)("with the $kind provider:", (kind) => {
  const { Key } = kind;

  let engine: TestEngine;
  let tunnelId: string;

  beforeEach(async () => {
    engine = await startEngine({ kind, internal: { lagWaitMs: 10, backoffMs: 10 } });
    tunnelId = engine.simulator.addTunnel({ name: "branch-1" });
  });

  afterEach(() => closeWithoutLeaks(engine, [GUESSABLE, REFERENCE, RANDOM]));

  function key(args: Partial<IpsecTunnelPskArgs>): PulumiFn {
    return () => {
      new Key("branch-1", { accountId: engine.simulator.accountId, ipsecTunnelId: tunnelId, ...args });
      return Promise.resolve({});
    };
  }

  const warnings = ({ events }: Outcome) =>
    events
      .filter(({ diagnosticEvent: event }) => event?.severity === "warning")
      .map(({ diagnosticEvent: event }) => event?.message.trim());

  it("a psk that can be guessed warns in the preview and the up that set it, once, and not if there is nothing to do", async () => {
    const warning = [expect.stringMatching(/^psk can be guessed: most of it is common words.*What to do: Remove psk/s)];

    expect(warnings(await engine.preview(key({ psk: GUESSABLE })))).toEqual(warning);
    expect(warnings(await engine.up(key({ psk: GUESSABLE })))).toEqual(warning);
    expect(engine.simulator.keyAtEdge(tunnelId)).toBe(GUESSABLE);

    expect(warnings(await engine.preview(key({ psk: GUESSABLE })))).toEqual([]);
    expect(warnings(await engine.up(key({ psk: GUESSABLE })))).toEqual([]);
    // It is set again.
    expect(warnings(await engine.up(key({ psk: GUESSABLE, rotationTriggers: { quarter: "2" } })))).toEqual(warning);
  });

  it("an existing key that can be guessed warns when it is taken over", async () => {
    tunnelId = engine.simulator.addTunnel({ psk: GUESSABLE });
    const existingKey = { psk: GUESSABLE, lastGeneratedOn: engine.simulator.generatedOn(tunnelId) ?? "" };
    const warning = [expect.stringMatching(/^existingKey\.psk can be guessed: .*What to do: Replace the key/s)];

    expect(warnings(await engine.preview(key({ existingKey })))).toEqual(warning);
    expect(warnings(await engine.up(key({ existingKey })))).toEqual(warning);
  });

  it("a psk that is a reference that nothing has resolved is refused before anything is sent", async () => {
    const preview = await engine.preview(key({ psk: REFERENCE }));
    const up = await engine.up(key({ psk: REFERENCE }));

    expect([preview.succeeded, up.succeeded]).toEqual([false, false]);
    for (const { text } of [preview, up]) {
      expect(text).toContain("psk must be the key alone: it is a reference to a secret, and nothing has replaced it");
    }
    expect(engine.simulator.requests()).toEqual([]);
  });

  it("a random psk with a reference in it is set, without a warning", async () => {
    expect(warnings(await engine.preview(key({ psk: RANDOM })))).toEqual([]);
    expect(warnings(await engine.up(key({ psk: RANDOM })))).toEqual([]);
    expect(engine.simulator.keyAtEdge(tunnelId)).toBe(RANDOM);
  });
});
