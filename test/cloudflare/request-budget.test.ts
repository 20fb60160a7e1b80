import {
  addToBudget,
  type Budget,
  type Move,
  nextMove,
  readBudget,
  reserve,
  type Standing,
} from "../../src/cloudflare/request-budget";

const sentAt = 1_000_000;
const now = 1_000_400;

describe("readBudget()", () => {
  it.each([
    ['"default";r=50;t=30', '"default";q=1200;w=300', { limit: "default", left: 50, quota: 1_200 }, 29_000, 31_000],
    [
      '"default"; r=50 ;t=30',
      '"default" ; w=300; q=1200',
      { limit: "default", left: 50, quota: 1_200 },
      29_000,
      31_000,
    ],
    ["default;r=50;t=30", "default;q=1200;w=300", { limit: "default", left: 50, quota: 1_200 }, 29_000, 31_000],
    ['"default";r=0;t=0', '"default";q=1;w=300', { limit: "default", left: 0, quota: 1 }, 0, 1_000],
    ['"default";r=50;t=1', undefined, { limit: "default", left: 50 }, 0, 2_000],
    ['"default";r=50;t=30', '"burst";q=100;w=60', { limit: "default", left: 50 }, 29_000, 31_000],
    ['"default";r=50;t=30;pk=:cGs=:', '"default"', { limit: "default", left: 50 }, 29_000, 31_000],
    ['"default";r=50', '"default";q=1200;w=300', { limit: "default", left: 50, quota: 1_200 }, 0, 301_000],
  ])("reads %j and %j", (ratelimit, policy, budget, endsAfter, endsBy) => {
    expect(readBudget({ ratelimit, "ratelimit-policy": policy }, sentAt, now)).toEqual({
      ...budget,
      endsAfter: sentAt + endsAfter,
      endsBy: now + endsBy,
      heardAt: now,
    });
  });

  it.each([
    ["one line", '"default";r=900;t=200, "burst";r=7;t=9', '"default";q=1200;w=300, "burst";q=100;w=60'],
    ["two lines", ['"burst";r=7;t=9', '"default";r=900;t=200'], ['"default";q=1200;w=300', '"burst";q=100;w=60']],
  ])("takes the limit with the least left, from %s", (_, ratelimit, policy) => {
    expect(readBudget({ ratelimit, "ratelimit-policy": policy }, sentAt, now)).toMatchObject({
      limit: "burst",
      left: 7,
      quota: 100,
      endsBy: now + 10_000,
    });
  });

  it.each([
    undefined,
    "",
    "50",
    '"default"',
    '"default";t=30',
    '"default";r=50',
    '"default";r=-1;t=30',
    '"default";r=1.5;t=30',
    '"default";r=many;t=30',
    '"default";r=99999999999;t=30',
    "limit=100, remaining=50, reset=30",
  ])("finds no limit in %j", (ratelimit) => {
    expect(readBudget({ ratelimit }, sentAt, now)).toEqual({
      left: Infinity,
      endsAfter: sentAt,
      endsBy: Infinity,
      heardAt: now,
    });
  });
});

describe("addToBudget()", () => {
  const known: Budget = {
    limit: "default",
    left: 100,
    quota: 1_200,
    endsAfter: 298_000,
    endsBy: 301_000,
    heardAt: 5_000,
  };
  const unlimited: Budget = { left: Infinity, endsAfter: 6_000, endsBy: Infinity, heardAt: 6_000 };
  const heard = (changes: Partial<Budget>): Budget => ({ ...known, heardAt: 6_000, ...changes });

  it.each<[string, Budget | undefined, Budget, Budget]>([
    ["takes the first response as it is", undefined, heard({}), heard({})],
    ["counts down within one window", known, heard({ left: 90 }), heard({ left: 90 })],
    [
      "does not let a response that was overtaken raise what is left",
      known,
      heard({ left: 110 }),
      heard({ left: 100 }),
    ],
    [
      "raises the earliest end of the window",
      known,
      heard({ endsAfter: 299_000, endsBy: 302_000 }),
      heard({ endsAfter: 299_000, endsBy: 301_000 }),
    ],
    [
      "lowers the latest end of the window",
      known,
      heard({ endsAfter: 297_000, endsBy: 300_000 }),
      heard({ endsAfter: 298_000, endsBy: 300_000 }),
    ],
    [
      "lets a later window raise what is left",
      known,
      heard({ left: 1_199, endsAfter: 301_000, endsBy: 602_000 }),
      heard({ left: 1_199, endsAfter: 301_000, endsBy: 602_000 }),
    ],
    [
      "does not let a window raise what is left if it may be the same one",
      known,
      heard({ left: 1_199, endsAfter: 300_999, endsBy: 602_000 }),
      heard({ left: 100, endsAfter: 300_999, endsBy: 301_000 }),
    ],
    ["ignores a window that is over", known, heard({ left: 2, endsAfter: 0, endsBy: 297_999 }), known],
    ["keeps a quota that is not repeated", known, heard({ quota: undefined }), heard({ quota: 1_200 })],
    ["keeps what it knows if a response has no header", known, unlimited, heard({})],
    ["adopts the first limit that a header names", unlimited, heard({ heardAt: 7_000 }), heard({ heardAt: 7_000 })],
    [
      "switches to another limit that has less left",
      known,
      heard({ limit: "burst", left: 7, endsAfter: 0, endsBy: 9_000 }),
      heard({ limit: "burst", left: 7, endsAfter: 0, endsBy: 9_000 }),
    ],
    ["keeps the limit that has less left", known, heard({ limit: "burst", left: 900 }), heard({})],
  ])("%s", (_what, before, response, after) => {
    expect(addToBudget(before, response)).toEqual(after);
  });
});

describe("reserve()", () => {
  it.each([
    { quota: 1_200, left: 1_199, inFlight: 0, peak: 0, leaves: 3 },
    { quota: 1_200, left: 1_199, inFlight: 7, peak: 7, leaves: 24 },
    { quota: 1_200, left: 30, inFlight: 0, peak: 8, leaves: 24 },
    { quota: 1_200, left: 30, inFlight: 0, peak: 300, leaves: 300 },
    { quota: 1_200, left: 1_199, inFlight: 298, peak: 298, leaves: 897 },
    { quota: 100, left: 99, inFlight: 0, peak: 60, leaves: 25 },
    { quota: 10, left: 9, inFlight: 0, peak: 60, leaves: 3 },
    { quota: undefined, left: 40, inFlight: 0, peak: 60, leaves: 10 },
    { left: Infinity, inFlight: 59, peak: 60, leaves: 180 },
  ])("leaves $leaves of $left with quota $quota, $inFlight in flight and a peak of $peak", (row) => {
    const { left, quota, inFlight, peak, leaves } = row;
    expect(reserve({ left, quota, endsAfter: 0, endsBy: 0, heardAt: 0 }, inFlight, peak)).toBe(leaves);
  });
});

describe("nextMove()", () => {
  const now = 1_000_000;
  const endsBy = now + 60_000;
  const fresh = { left: 100, quota: 1_200, endsAfter: endsBy - 3_000, endsBy, heardAt: now };
  const usual: Standing = { budget: fresh, blockedUntil: 0, inFlight: 0, peak: 1, scouts: 0, maxScouts: 1 };
  const nearly = { until: endsBy, reason: "Cloudflare's request limit is nearly reached (3 left)" };
  const reached = { until: now + 1, reason: "Cloudflare's request limit is reached" };

  it.each<[string, Partial<Standing>, Move]>([
    ["lets a request go while there is enough left", {}, "go"],
    ["sends a scout while the budget is unknown", { budget: undefined }, "scout"],
    ["waits for the response to a scout", { budget: undefined, scouts: 1, inFlight: 1 }, "await"],
    [
      "sends a scout beside requests that have hung since before the reset",
      { budget: undefined, inFlight: 5 },
      "scout",
    ],
    ["sends a second scout after one was lost", { budget: undefined, scouts: 1, maxScouts: 2 }, "scout"],
    ["sends a scout after the reset", { budget: { ...fresh, left: 0, endsBy: now } }, "scout"],
    ["sends a scout after 5 s without a response", { budget: { ...fresh, heardAt: now - 5_001 } }, "scout"],
    [
      "waits for a scout that was sent after 5 s without a response",
      { budget: { ...fresh, heardAt: now - 5_001 }, scouts: 1 },
      "await",
    ],
    ["lets a request go after exactly 5 s", { budget: { ...fresh, heardAt: now - 5_000 } }, "go"],
    ["lets a quarter of what is left go at a time", { inFlight: 24, peak: 24 }, "go"],
    ["lets no more than a quarter of what is left go at a time", { inFlight: 25, peak: 25 }, "await"],
    ["lets requests use up everything but the reserve", { budget: { ...fresh, left: 4 } }, "go"],
    ["waits for the reset", { budget: { ...fresh, left: 3 } }, nearly],
    ["does not scout before the reset", { budget: { ...fresh, left: 3, heardAt: now - 50_000 } }, nearly],
    ["remembers its peak", { budget: { ...fresh, left: 24 }, peak: 7 }, "go"],
    ["waits for a response, not for the reset, if requests in flight may be counted twice", { inFlight: 80 }, "await"],
    ["waits for the end of a block", { blockedUntil: now + 1 }, reached],
    ["waits for the end of a block before it sends a scout", { blockedUntil: now + 1, budget: undefined }, reached],
    ["lets a request go when a block is over", { blockedUntil: now }, "go"],
    [
      "sets no bound if responses have no header",
      { budget: { left: Infinity, endsAfter: 0, endsBy: Infinity, heardAt: now }, inFlight: 900, peak: 900 },
      "go",
    ],
  ])("%s", (_what, changes, move) => {
    expect(nextMove({ ...usual, ...changes }, now)).toEqual(move);
  });
});
