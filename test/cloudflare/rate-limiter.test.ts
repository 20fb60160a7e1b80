import { createRateLimiter, type Pass } from "../../src/cloudflare/rate-limiter";
import { createFakeClock, type FakeClock } from "../support/fake-clock";

describe("createRateLimiter()", () => {
  const plenty = headers(1_000, 200);
  let clock: FakeClock;
  let enter: (announce?: (line: string) => void) => Promise<Pass>;

  beforeEach(() => {
    clock = createFakeClock();
    const limiter = createRateLimiter(clock);
    enter = (announce = () => undefined) => limiter.enter(announce);
  });

  /** Queues `count` requests, and collects their passes as they are admitted. */
  function queueUp(count: number, lines: string[] = []) {
    const passes: Pass[] = [];
    const order: number[] = [];
    for (let index = 0; index < count; index++) {
      void enter((line) => lines.push(line)).then((pass) => {
        passes.push(pass);
        order.push(index);
      });
    }
    return { passes, order, lines };
  }

  async function learn(left: number, seconds: number): Promise<void> {
    const pass = await enter();
    pass.leave(headers(left, seconds));
  }

  it("admits the first request alone, and all others in their order after its response", async () => {
    const { passes, order } = queueUp(8);
    await clock.advance(30_000);
    expect(passes).toHaveLength(1);

    passes[0]?.leave(plenty);
    await clock.advance(0);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("admits the next request if the first gets no response, and twice as many after each failure", async () => {
    const { passes } = queueUp(20);
    const running = [0, 1, 3, 7, 15];

    for (const [index, sent] of running.entries()) {
      for (const pass of passes.slice(running[index - 1] ?? 0, sent)) pass.leave(undefined);
      await clock.advance(10_000);
    }
    expect(passes).toHaveLength(20);
  });

  it("returns to a single scout after a response", async () => {
    const first = await enter();
    first.leave(undefined);
    await learn(1_000, 10);
    await clock.advance(11_000);

    const { passes } = queueUp(3);
    await clock.advance(0);
    expect(passes).toHaveLength(1);
  });

  it("admits all requests while responses have no header, and adapts when one has", async () => {
    const { passes } = queueUp(50);
    await clock.advance(0);
    passes[0]?.leave({ status: 200, headers: {} });
    await clock.advance(0);
    expect(passes).toHaveLength(50);

    for (const pass of passes.slice(1)) pass.leave(headers(0, 7));
    const late = queueUp(1);
    await clock.advance(7_999);
    expect(late.passes).toHaveLength(0);
    await clock.advance(1);
    expect(late.passes).toHaveLength(1);
  });

  it("counts requests in flight", async () => {
    await learn(40, 200);
    const { passes, order } = queueUp(12);
    await clock.advance(0);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);

    passes[0]?.leave(headers(39, 200));
    await clock.advance(0);
    expect(order).toHaveLength(10);
  });

  it("does not let a response that was overtaken raise what is left", async () => {
    await learn(1_000, 200);
    const [early, late] = [await enter(), await enter()];
    late.leave(headers(0, 200));
    early.leave(headers(999, 200));

    const { passes } = queueUp(1);
    await clock.advance(0);
    expect(passes).toHaveLength(0);
    await clock.advance(201_000);
    expect(passes).toHaveLength(1);
  });

  it("waits until a second after the reset, announces it once, and leaves no timer", async () => {
    await learn(3, 60);
    const { passes, lines } = queueUp(1);
    await clock.advance(60_999);
    expect(passes).toHaveLength(0);
    expect(clock.sleepers()).toBe(1);

    await clock.advance(1);
    expect(passes[0]?.waitedMs).toBe(61_000);
    expect(lines).toEqual(["Cloudflare's request limit is nearly reached (3 left); continuing in 61 s"]);
    expect(clock.sleepers()).toBe(0);
  });

  it("announces and reports each request's own wait", async () => {
    await learn(3, 60);
    const early = queueUp(1);
    await clock.advance(20_500);
    const late = queueUp(1);
    await clock.advance(40_500);
    early.passes[0]?.leave(plenty);
    await clock.advance(0);

    expect(late.lines).toEqual(["Cloudflare's request limit is nearly reached (3 left); continuing in 41 s"]);
    expect([...early.passes, ...late.passes].map(({ waitedMs }) => waitedMs)).toEqual([61_000, 40_500]);
  });

  it("does not count the wait for the response to a scout", async () => {
    const { passes, lines } = queueUp(2);
    await clock.advance(3_000);
    passes[0]?.leave(plenty);
    await clock.advance(0);

    expect(passes[1]?.waitedMs).toBe(0);
    expect(lines).toEqual([]);
  });

  it("admits one request after a reset, and announces another wait to those that must wait again", async () => {
    await learn(0, 10);
    const { passes, lines } = queueUp(3);
    await clock.advance(11_000);
    expect(passes).toHaveLength(1);

    passes[0]?.leave(headers(2, 10));
    await clock.advance(11_000);
    expect(passes).toHaveLength(2);
    passes[1]?.leave(plenty);
    await clock.advance(0);

    expect(passes.map(({ waitedMs }) => waitedMs)).toEqual([11_000, 22_000, 22_000]);
    expect(lines).toHaveLength(5);
    expect(clock.sleepers()).toBe(0);
  });

  it.each([
    ["a Retry-After", { "retry-after": "30" }],
    ["a Retry-After beside a budget", { ...headers(0, 30).headers, "retry-after": "30" }],
  ])("holds all requests after %s", async (_what, headers) => {
    await learn(1_000, 20);
    const pass = await enter();
    pass.leave({ status: 429, headers });
    const { passes, lines } = queueUp(5);
    await clock.advance(29_999);
    expect(passes).toHaveLength(0);

    await clock.advance(1);
    expect(passes).toHaveLength(1);
    expect(lines).toEqual(Array(5).fill("Cloudflare's request limit is reached; continuing in 30 s"));
  });

  it("extends a wait if a block comes meanwhile", async () => {
    await learn(1_000, 200);
    const [first, second] = [await enter(), await enter()];
    first.leave(blocked(10));
    const { passes, lines } = queueUp(1);
    await clock.advance(4_000);
    second.leave(blocked(20));
    await clock.advance(19_999);
    expect(passes).toHaveLength(0);

    await clock.advance(1);
    expect(passes[0]?.waitedMs).toBe(24_000);
    expect(lines.map((line) => line.slice(-4))).toEqual(["10 s", "14 s"]);
  });

  it("rejects all requests that would have to wait if it is impatient, and announces nothing", async () => {
    const limiter = createRateLimiter({ ...clock, isImpatient: true });
    const lines: string[] = [];
    const first = await limiter.enter((line) => lines.push(line));
    const waiting = [limiter.enter((line) => lines.push(line)), limiter.enter((line) => lines.push(line))];

    first.leave(headers(1, 200));

    const summary =
      "Cannot call Cloudflare's API: Cloudflare's request limit is nearly reached (1 left), and previews do not wait for the limit";
    for (const refused of waiting)
      await expect(refused).rejects.toMatchObject({ code: "ERR_RATE_LIMITED", details: { summary } });
    expect(lines).toEqual([]);
    expect(clock.sleepers()).toBe(0);
  });

  it("does not hold requests during a block if it is impatient", async () => {
    const limiter = createRateLimiter({ ...clock, isImpatient: true });
    const first = await limiter.enter(() => undefined);

    first.leave({ status: 429, headers: { "retry-after": "300" } });

    await expect(limiter.enter(() => undefined)).resolves.toMatchObject({ waitedMs: 0 });
  });

  it("admits requests after a 429 without Retry-After", async () => {
    await learn(1_000, 200);
    const pass = await enter();
    pass.leave({ status: 429, headers: {} });

    const { passes } = queueUp(2);
    await clock.advance(0);
    expect(passes).toHaveLength(2);
  });

  it.each<[string, { status: number; headers: Record<string, string> }, string]>([
    ["a Retry-After", blocked(86_400), "Cloudflare's request limit is reached"],
    ["a budget that is used up", headers(3, 86_399), "Cloudflare's request limit is nearly reached (3 left)"],
  ])("rejects all requests, waiting and new, if %s asks for a day", async (_what, response, reason) => {
    await learn(1_000, 5);
    const pass = await enter();
    await clock.advance(7_000);
    pass.leave(response);
    const lines: string[] = [];

    const refusals = [1, 2].map(() => enter((line) => lines.push(line)).catch((error: unknown) => error));

    for (const refusal of await Promise.all(refusals)) {
      expect(refusal).toMatchObject({
        code: "ERR_RATE_LIMITED",
        details: {
          summary: `Cannot call Cloudflare's API: ${reason}, for another 86400 s (until 2026-03-02T12:00:07Z)`,
          retryAfterMs: 86_400_000,
        },
      });
    }
    expect(lines).toEqual([]);
    expect(clock.sleepers()).toBe(0);
  });

  it("rejects waiting requests if a block of a day comes meanwhile", async () => {
    await learn(1_000, 200);
    const [first, second] = [await enter(), await enter()];
    first.leave(blocked(10));
    const waiting = enter().catch((error: unknown) => error);
    await clock.advance(1);
    second.leave(blocked(86_400));
    await clock.advance(10_000);

    expect(await waiting).toMatchObject({ code: "ERR_RATE_LIMITED" });
  });

  it("admits requests after a long block", async () => {
    const pass = await enter();
    pass.leave(blocked(86_400));
    await clock.advance(86_400_000);

    await expect(enter()).resolves.toMatchObject({ waitedMs: 0 });
  });

  it("announces a wait once even if a timer fires early", async () => {
    const slept: number[] = [];
    const limiter = createRateLimiter({
      now: clock.now,
      sleep: (ms) => {
        slept.push(ms);
        return clock.sleep(Math.max(1, ms - 1));
      },
    });
    const first = await limiter.enter(() => undefined);
    first.leave(blocked(300));
    const lines: string[] = [];
    const pass = limiter.enter((line) => lines.push(line));

    expect((await clock.runUntil(pass)).waitedMs).toBe(300_000);
    expect(slept).toEqual([300_000, 1]);
    expect(lines).toHaveLength(1);
  });
});

function headers(left: number, seconds: number) {
  return {
    status: 200,
    headers: { ratelimit: `"default";r=${left};t=${seconds}`, "ratelimit-policy": '"default";q=1200;w=300' },
  };
}

function blocked(seconds: number) {
  return { status: 429, headers: { "retry-after": String(seconds) } };
}
