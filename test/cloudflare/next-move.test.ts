import { type Move, nextMove, type Standing } from "../../src/cloudflare/next-move";

describe("nextMove()", () => {
  const now = 1_000_000;
  const endsBy = now + 60_000;
  const fresh = { left: 100, quota: 1_200, endsAfter: endsBy - 3_000, endsBy, heardAt: now };
  const usual: Standing = { budget: fresh, blockedUntil: 0, inFlight: 0, peak: 1, scouts: 0, maxScouts: 1 };
  const nearly = { until: endsBy, reason: "Cloudflare's request limit is nearly reached (3 left)" };
  const reached = { until: now + 1, reason: "Cloudflare's request limit is reached" };

  it.each<[string, Partial<Standing>, Move]>([
    ["goes while there is enough left", {}, "go"],
    ["learns the budget first", { budget: undefined }, "scout"],
    ["waits for the answer that teaches", { budget: undefined, scouts: 1, inFlight: 1 }, "await"],
    ["learns beside requests that have hung since before the reset", { budget: undefined, inFlight: 5 }, "scout"],
    ["sends a second scout after one was lost", { budget: undefined, scouts: 1, maxScouts: 2 }, "scout"],
    ["learns again after the reset", { budget: { ...fresh, left: 0, endsBy: now } }, "scout"],
    ["learns again after 5 s of silence", { budget: { ...fresh, heardAt: now - 5_001 } }, "scout"],
    ["waits for what a scout learns after silence", { budget: { ...fresh, heardAt: now - 5_001 }, scouts: 1 }, "await"],
    ["goes after 5 s", { budget: { ...fresh, heardAt: now - 5_000 } }, "go"],
    ["takes a quarter of what is left at a time", { inFlight: 24, peak: 24 }, "go"],
    ["takes no more than a quarter of what is left at a time", { inFlight: 25, peak: 25 }, "await"],
    ["uses up all but the reserve", { budget: { ...fresh, left: 4 } }, "go"],
    ["waits for the reset", { budget: { ...fresh, left: 3 } }, nearly],
    ["does not scout before the reset", { budget: { ...fresh, left: 3, heardAt: now - 50_000 } }, nearly],
    ["remembers its peak", { budget: { ...fresh, left: 24 }, peak: 7 }, "go"],
    [
      "waits for an answer, not for the reset, if only requests in flight may be counted twice",
      { inFlight: 80 },
      "await",
    ],
    ["waits for the end of a block", { blockedUntil: now + 1 }, reached],
    ["waits for the end of a block before it learns", { blockedUntil: now + 1, budget: undefined }, reached],
    ["goes when a block is over", { blockedUntil: now }, "go"],
    [
      "knows no bounds without a header",
      { budget: { left: Infinity, endsAfter: 0, endsBy: Infinity, heardAt: now }, inFlight: 900, peak: 900 },
      "go",
    ],
  ])("%s", (_, changes, move) => {
    expect(nextMove({ ...usual, ...changes }, now)).toEqual(move);
  });
});
