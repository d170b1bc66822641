/**
 * Calls what only listens: whether it throws, or what it returns rejects, is its owner's affair and ends neither the work nor the process.
 * `onFailure` hears of it.
 */
export function quietly(listener: () => unknown, onFailure: (error: unknown) => void = () => {}): void {
  try {
    const answer = listener();
    // It may be of any class that has promises, and is looked at no further.
    if (typeof answer === 'object' && answer !== null && 'then' in answer) Promise.resolve(answer).catch(onFailure);
  } catch (error) {
    onFailure(error);
  }
}
