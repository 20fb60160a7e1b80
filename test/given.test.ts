import { given } from "../src/given";

describe("given()", () => {
  it("leaves out what is undefined", () => {
    expect(given({ a: undefined, b: 1 })).toStrictEqual({ b: 1 });
  });

  it.each([null, 0, "", false, Number.NaN, [], {}])("keeps %j", (value) => {
    expect(given({ value })).toStrictEqual({ value });
  });

  it("returns a new object, without what the argument inherits", () => {
    const properties = Object.assign(Object.create({ inherited: 1 }) as object, { own: 1 });

    expect(given(properties)).toStrictEqual({ own: 1 });
    expect(given(properties)).not.toBe(properties);
  });

  it("returns an empty object if nothing has a value", () => {
    expect(given({ a: undefined })).toStrictEqual({});
  });
});
