/** How long a call may wait for its pictures before it answers, s. */
export const waitRange = { least: 0, most: 3600, example: '45' } as const;
