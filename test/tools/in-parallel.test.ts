import { inParallel } from "../../tools/in-parallel";

describe("inParallel()", () => {
  it("works on as many at a time as the limit says, and keeps the order of the results", async () => {
    let running = 0;
    let most = 0;
    const work = async (each: number) => {
      most = Math.max(most, ++running);
      // The later ones end first.
      for (let turn = each; turn < 5; turn++) await Promise.resolve();
      running--;
      return each * 10;
    };

    expect(await inParallel(2, [1, 2, 3, 4], work)).toEqual([10, 20, 30, 40]);
    expect(most).toBe(2);
  });

  it("fails with the first failure", async () => {
    await expect(inParallel(2, [1, 2], () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  });
});
