import { checkLifecycle } from "./check-lifecycle";

describe("createLifecycle() under random schedules of faults", () => {
  it("keeps the key in the state the key at the edge, or says that it is not", () => checkLifecycle(1_000), 3_600_000);
});
