import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MODEL, mutations } from "../../../tools/mutations/mutations";
import { ROOT } from "../../support/build";

// `npm run test:mutations` takes minutes, so code that has moved away from its mutation is found here.
describe("mutations", () => {
  it.each(mutations.map((mutation) => [mutation.name, mutation] as const))(
    "change the code in one place, and name a test that exists: %s",
    (_name, { file, find, replace, caughtBy = MODEL }) => {
      const code = readFileSync(join(ROOT, "src", file), "utf8");

      expect(code.split(find)).toHaveLength(2);
      expect(replace).not.toBe(find);
      expect(existsSync(join(ROOT, "test", caughtBy))).toBe(true);
    },
  );

  it("have names of their own", () => {
    const names = mutations.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });
});
