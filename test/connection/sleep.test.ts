import { sleep } from "../../src/connection/sleep";

// What Node's own timers can hold: beyond it they fire after 1 ms.
const LONGEST_MS = 2 ** 31 - 1;

// Jest's fake timers leave node:timers/promises alone.
const waits: number[] = [];
jest.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => {
    waits.push(ms);
    return Promise.resolve();
  },
}));

beforeEach(() => {
  waits.length = 0;
});

describe("sleep()", () => {
  it.each<[number, number[]]>([
    [0, []],
    [1, [1]],
    [LONGEST_MS, [LONGEST_MS]],
    [LONGEST_MS + 1, [LONGEST_MS, 1]],
    [2 * LONGEST_MS + 5, [LONGEST_MS, LONGEST_MS, 5]],
  ])("waits %d ms in parts that a timer can hold", async (ms, parts) => {
    await sleep(ms);

    expect(waits).toEqual(parts);
  });

  it("does not wait if the time is over", async () => {
    await sleep(-1);

    expect(waits).toEqual([]);
  });
});
