/**
 * `Promise.all` of work that ends together: as soon as one fails, the signal that the others got aborts, so that nothing goes on for
 * a request that is over. The first failure is thrown.
 */
export async function together<T, R>(
  items: readonly T[],
  signal: AbortSignal | undefined,
  work: (item: T, signal: AbortSignal | undefined) => Promise<R>,
): Promise<R[]> {
  if (items.length < 2) return Promise.all(items.map((item) => work(item, signal)));
  const failed = new AbortController();
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  try {
    return await Promise.all(items.map((item) => work(item, either)));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}
