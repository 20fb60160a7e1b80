import { checkLifecycle } from "./check-lifecycle";

// The first 1,000 of these schedules are in lifecycle.model.test.ts, for `npm test`.
describe("createLifecycle() under all random schedules of faults", () => {
  it("keeps the active key in the state, or marks the state", () => checkLifecycle(4_000), 3_600_000);
});
