import { checkLifecycle } from "./check-lifecycle";

describe("createLifecycle() under random schedules of faults", () => {
  it("keeps the active key in the state, or marks the state", () => checkLifecycle(1_000), 3_600_000);
});
