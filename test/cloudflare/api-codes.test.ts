import { API_CODES } from "../../src/cloudflare/api-codes";

describe("API_CODES", () => {
  it("has one row for each code", () => {
    const codes = API_CODES.map(({ code }) => code);

    expect(codes).toEqual([...new Set(codes)]);
  });

  it.each(API_CODES.map((row) => [row.code, row] as const))("tells of %d where it was seen", (_code, { source }) => {
    expect(source).toMatch(/^(https:\/\/\S+\.\S+|not documented; .)/);
  });

  it.each(API_CODES.map((row) => [row.code, row] as const))("has reason and remedy for %d", (_code, row) => {
    // The reason completes a sentence that says where it ends.
    expect(row.reason).toMatch(/\S[^.]$/);
    expect(row.remedy).toMatch(/^[A-Z].*\.$/);
  });
});
