/** Whether a value is an object with names, and no list. What starts the server loads nothing of core for this. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
