import type { AnswerHeaders } from '../contract/provider.ts';

/** Most redirects that are followed for one request. */
export const maxRedirects = 5;

/** Where a redirect points, or `undefined` for any other answer. `invalid` if it names no URL. */
export function redirectTarget(status: number, headers: AnswerHeaders, from: URL): URL | 'invalid' | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  const location = headers.get('location');
  return (location !== null && URL.parse(location, from.href)) || 'invalid';
}
