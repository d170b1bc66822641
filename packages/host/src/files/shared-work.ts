// Work that many ask for at the same time and that is as much work for one of them, such as waiting for a disk.

/**
 * Gives a function that does `work` for all who ask while it is on its way. Who asks then waits for the next time, which begins after
 * they asked, and is shared, too.
 */
export function sharedWork(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function start(): Promise<void> {
    const own = work().finally(() => {
      if (running === own) running = undefined;
    });
    running = own;
    return own;
  }

  return () => {
    if (!running) return start();
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  };
}

/** The same for several things, each by its name. What nobody waits for any more is forgotten. */
export function sharedByName(work: (name: string) => Promise<void>): (name: string) => Promise<void> {
  const waiting = new Map<string, { readonly run: () => Promise<void>; count: number }>();
  return async (name) => {
    const known = waiting.get(name) ?? { run: sharedWork(() => work(name)), count: 0 };
    waiting.set(name, known);
    known.count += 1;
    try {
      await known.run();
    } finally {
      known.count -= 1;
      if (known.count === 0) waiting.delete(name);
    }
  };
}
