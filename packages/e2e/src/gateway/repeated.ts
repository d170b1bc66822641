/** Prompts `picture N of all` that services took more than once. What they refused may be sent again: it costs nothing. */
export function repeatedIn(
  services: readonly {
    readonly requests: readonly { readonly accepted: boolean; readonly spends: boolean; readonly body: unknown }[];
  }[],
): readonly string[] {
  const counts = new Map<string, number>();
  for (const { spends, accepted, body } of services.flatMap((service) => service.requests)) {
    const [prompt = ''] = spends && accepted ? (/picture \d+ of all/.exec(JSON.stringify(body)) ?? []) : [];
    if (prompt) counts.set(prompt, (counts.get(prompt) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([prompt]) => prompt);
}
