import { addToBudget, type Budget, readBudget, reserve } from "../../src/cloudflare/request-budget";

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
  ])("takes the limit with least left, in %s", (_, ratelimit, policy) => {
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
    ["takes the first one as it is", undefined, heard({}), heard({})],
    ["counts down in one window", known, heard({ left: 90 }), heard({ left: 90 })],
    ["does not let an answer that was overtaken raise what is left", known, heard({ left: 110 }), heard({ left: 100 })],
    [
      "narrows down when the window ends",
      known,
      heard({ endsAfter: 299_000, endsBy: 302_000 }),
      heard({ endsAfter: 299_000, endsBy: 301_000 }),
    ],
    [
      "narrows down from the other side",
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
      "does not take a window for a later one that may be the same",
      known,
      heard({ left: 1_199, endsAfter: 300_999, endsBy: 602_000 }),
      heard({ left: 100, endsAfter: 300_999, endsBy: 301_000 }),
    ],
    ["ignores a window that is over", known, heard({ left: 2, endsAfter: 0, endsBy: 297_999 }), known],
    ["keeps a quota that is not repeated", known, heard({ quota: undefined }), heard({ quota: 1_200 })],
    ["keeps what it knows when an answer has no header", known, unlimited, heard({})],
    ["adapts when a header comes", unlimited, heard({ heardAt: 7_000 }), heard({ heardAt: 7_000 })],
    [
      "goes over to a limit that leaves less",
      known,
      heard({ limit: "burst", left: 7, endsAfter: 0, endsBy: 9_000 }),
      heard({ limit: "burst", left: 7, endsAfter: 0, endsBy: 9_000 }),
    ],
    ["stays with the limit that leaves less", known, heard({ limit: "burst", left: 900 }), heard({})],
  ])("%s", (_, before, answer, after) => {
    expect(addToBudget(before, answer)).toEqual(after);
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
