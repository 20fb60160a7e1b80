import { once } from "../src/once";

describe("once()", () => {
  it("calls at the first call, and not before", () => {
    const make = jest.fn(() => ({}));
    const get = once(make);
    expect(make).not.toHaveBeenCalled();

    expect(get()).toBe(get());
    expect(make).toHaveBeenCalledTimes(1);
  });

  it("keeps a result that is undefined", () => {
    const make = jest.fn(() => undefined);
    const get = once(make);

    get();
    get();

    expect(make).toHaveBeenCalledTimes(1);
  });

  it("calls again after a failure", () => {
    let calls = 0;
    const get = once(() => {
      calls += 1;
      if (calls === 1) throw new Error("not yet");
      return calls;
    });

    expect(get).toThrow("not yet");
    expect([get(), get()]).toEqual([2, 2]);
  });
});
