/** Does some work for each of many, a few at a time. Returns the results in the order of the many. */
export async function inParallel<T, R>(
  limit: number,
  all: readonly T[],
  work: (each: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const open = all.entries();
  const worker = async () => {
    for (const [index, each] of open) results[index] = await work(each);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
