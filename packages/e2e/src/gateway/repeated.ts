/** Prompts `picture N of all` that services were asked to draw more than once. */
export function repeatedIn(
  services: readonly { readonly requests: readonly { readonly spends?: boolean; readonly body?: unknown }[] }[],
): readonly string[] {
  const counts = new Map<string, number>();
  for (const { spends, body } of services.flatMap((service) => service.requests)) {
    const [prompt = ''] = spends ? (/picture \d+ of all/.exec(JSON.stringify(body)) ?? []) : [];
    if (prompt) counts.set(prompt, (counts.get(prompt) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([prompt]) => prompt);
}
