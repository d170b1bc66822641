/**
 * The action of a command. Its code is loaded when it runs, so that help costs nothing; what it returns is the exit code of the
 * process.
 */
export function lazily<Args extends unknown[]>(
  load: () => Promise<(...args: Args) => number | Promise<number>>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    const command = await load();
    process.exitCode = await command(...args);
  };
}
