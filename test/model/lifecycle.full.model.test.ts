import { checkLifecycle } from "./check-lifecycle";

// The first 1,000 of these schedules are in lifecycle.model.test.ts, for `npm test`.
describe("createLifecycle() under all random schedules of faults", () => {
  it("keeps the key in the state the key at the edge, or says that it is not", () => checkLifecycle(4_000), 3_600_000);
});
