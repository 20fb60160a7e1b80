import { IpsecTunnelPsk } from "../../src";
import { closeWithoutLeaks, startEngine, type TestEngine } from "../support/engine";

const OLD = "fake-old-token-for-tests-only-0123456789";
const NEW = "fake-new-token-for-tests-only-0123456789";

let engine: TestEngine;

const program = () => {
  const { accountId } = engine.simulator;
  new IpsecTunnelPsk("key", { accountId, ipsecTunnelId: "89abcdef0123456789abcdef01234567" });
  return Promise.resolve();
};

beforeEach(async () => {
  engine = await startEngine({ simulator: { tokens: [{ token: OLD }, { token: NEW }] } });
  engine.simulator.addTunnel({ id: "89abcdef0123456789abcdef01234567" });
  await engine.up(program);
  engine.simulator.revokeToken(OLD);
  await engine.setToken(NEW);
});

afterEach(() => closeWithoutLeaks(engine));

describe("a token that changed since the last up", () => {
  it.each([
    ["refresh", () => engine.refresh()],
    ["up --refresh", () => engine.up(program, { refresh: true })],
    ["destroy --refresh", () => engine.destroy({ refresh: true })],
  ])("fails %s, and the message says what to do", async (_command, run) => {
    const { succeeded, text } = await run();

    expect(succeeded).toBe(false);
    expect(text).toContain("after a change, run `pulumi up --refresh --run-program`");
  });

  it("is taken by up --refresh --run-program, and by every command after it", async () => {
    const up = await engine.up(program, { refresh: true, runProgram: true });
    const refresh = await engine.refresh();
    const destroy = await engine.destroy({ refresh: true });

    expect([up, refresh, destroy].map(({ succeeded }) => succeeded)).toEqual([true, true, true]);
    expect(up.steps).toEqual({ same: 2 });
  });

  it("is taken by a plain up", async () => {
    const { succeeded } = await engine.up(program);
    const refresh = await engine.refresh();

    expect([succeeded, refresh.succeeded]).toEqual([true, true]);
  });
});
