import { API_CODES } from "../../src/cloudflare/api-codes";

describe("API_CODES", () => {
  it("has one row for each code", () => {
    const codes = API_CODES.map(({ code }) => code);

    expect(codes).toEqual([...new Set(codes)]);
  });

  it.each(API_CODES.map((row) => [row.code, row] as const))("names the source of %d", (_code, { source }) => {
    expect(source).toMatch(/^(https:\/\/\S+\.\S+|not documented; .)/);
  });

  it.each(API_CODES.map((row) => [row.code, row] as const))("has reason and remedy for %d", (_code, row) => {
    // The reason completes a sentence, which has its own end.
    expect(row.reason).toMatch(/\S[^.]$/);
    expect(row.remedy).toMatch(/^[A-Z].*\.$/);
  });

  it.each([9109, 1000, 10000])("does not call a token invalid if it may only lack a permission: %d", (code) => {
    const { reason, remedy } = rowOf(code);

    expect(reason).toMatch(/, or may not /);
    expect(remedy).toContain("permission");
    expect(remedy).toContain("accountId");
    expect(remedy).toContain("client IP address filter");
    expect(remedy).toContain("expired");
  });

  it("says that the scheme may be wrong: 10000", () => {
    expect(rowOf(10000).remedy).toContain("an API token, or an API key with its email");
  });

  it.each([9106, 9107])("names every header that may be missing: %d", (code) => {
    expect(rowOf(code).remedy).toMatch(/Authorization.*X-Auth-Email.*X-Auth-Key/);
  });

  it.each([
    [6003, "white space"],
    [6102, "email"],
    [6103, "an API token is set as apiToken"],
    [6111, "an API key is set as apiKey, with its email"],
    [9103, "email"],
  ])("names the setting that is wrong: %d", (code, remedy) => {
    expect(rowOf(code).remedy).toContain(remedy);
  });
});

function rowOf(code: number) {
  const row = API_CODES.find((row) => row.code === code);
  if (row === undefined) throw new Error(`There is no row for ${code}`);
  return row;
}
