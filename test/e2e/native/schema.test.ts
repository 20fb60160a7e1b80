import { join } from "node:path";
import { checkSchema } from "../../../tools/sdk";
import { ROOT } from "../../support/build";

describe("src/native/schema.json", () => {
  it(
    "binds without diagnostics by Pulumi's own code",
    async () => {
      await expect(checkSchema(join(ROOT, "src/native/schema.json"))).resolves.toBeUndefined();
    },
    20 * 60_000,
  );
});
