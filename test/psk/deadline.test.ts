import { startDeadline } from "../../src/psk/deadline";
import { createFakeClock } from "../support/fake-clock";

describe("startDeadline()", () => {
  it("counts down to 0", async () => {
    const clock = createFakeClock();
    const { leftMs } = startDeadline(clock, 1_000);

    expect(leftMs()).toBe(1_000);
    await clock.advance(400);
    expect(leftMs()).toBe(600);
    await clock.advance(5_000);
    expect(leftMs()).toBe(0);
  });

  it("does not count the waits that Cloudflare asked for", async () => {
    const clock = createFakeClock();
    const deadline = startDeadline(clock, 1_000);

    await clock.advance(300_500);
    deadline.extend(300_000);

    expect(deadline.leftMs()).toBe(500);
  });

  it("sleeps if there is time, and returns true", async () => {
    const clock = createFakeClock();
    const deadline = startDeadline(clock, 1_000);

    expect(await clock.runUntil(deadline.sleep(999))).toBe(true);
    expect(deadline.leftMs()).toBe(1);
  });

  it.each([1_000, 1_001])("returns false without sleeping if that would use up the time: %d of 1000 ms", async (ms) => {
    const clock = createFakeClock();
    const deadline = startDeadline(clock, 1_000);

    expect(await clock.runUntil(deadline.sleep(ms))).toBe(false);
    expect(deadline.leftMs()).toBe(1_000);
    expect(clock.sleepers()).toBe(0);
  });
});
