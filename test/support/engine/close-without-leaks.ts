import type { Leak } from "../leaks";

/** Closes what a test has used, and fails the test if a secret stands in anything that the engine wrote. */
export async function closeWithoutLeaks(
  used: { leaks(others?: readonly string[]): readonly Leak[]; close(): Promise<void> },
  others: readonly string[] = [],
): Promise<void> {
  const leaks = used.leaks(others);
  await used.close();
  expect(leaks).toEqual([]);
}
