// Where a method of a model is, below a base URL that may name a version, a project and a publisher or not.

import { type CallContext, ImageError } from '@anyimage/core';

type Place = Pick<CallContext, 'baseURL' | 'region'>;

/**
 * The path below the base URL: `v1beta/models/ID:generateContent`, or Vertex's, under its publisher. The beta version,
 * because `v1` refuses `responseModalities`. `model` may be a whole resource name (`models/…`).
 * Throws `config` for Vertex without a project.
 */
export function methodPath({ baseURL, region }: Place, model: string, method: string): string {
  const { pathname } = new URL(baseURL);
  const isVertex = region === 'vertex' || pathname.includes('/projects/');
  const hasPublisher = pathname.includes('/publishers/');
  if (isVertex && !hasPublisher && !/\/projects\/[^/]+\/locations\/[^/]+/.test(pathname)) {
    throw new ImageError('config', 'the base URL for Vertex AI names no project and location', {
      hint: 'Set GOOGLE_VERTEX_BASE_URL to https://aiplatform.googleapis.com/v1/projects/PROJECT/locations/LOCATION.',
    });
  }
  const version = hasVersion(pathname) ? '' : isVertex ? 'v1/' : 'v1beta/';
  const publisher = isVertex && !hasPublisher ? 'publishers/google/' : '';
  return `${version}${publisher}models/${encodeURIComponent(model.replace(/^models\//, ''))}:${method}`;
}

/** The path of a page of the list of models. Throws `unsupported` for Vertex, which lists models at another place. */
export function modelsPath({ baseURL, region }: Place, pageToken: string | undefined): string {
  const { pathname } = new URL(baseURL);
  if (region === 'vertex' || pathname.includes('/projects/')) {
    throw new ImageError('unsupported', 'Vertex AI is not asked for its models', {
      hint: 'See its Model Garden; any id that Google has can be named as google/ID.',
    });
  }
  const query = new URLSearchParams({ pageSize: '1000', ...(pageToken && { pageToken }) });
  return `${hasVersion(pathname) ? '' : 'v1beta/'}models?${query}`;
}

function hasVersion(pathname: string): boolean {
  return /\/v\d[^/]*(\/|$)/.test(pathname);
}

/** Google shut Imagen down; any other host may still have it. Throws `not-found`. */
export function refuseImagenAtGoogle({ baseURL }: Pick<Place, 'baseURL'>): void {
  if (!/(^|\.)googleapis\.com$/.test(new URL(baseURL).hostname)) return;
  throw new ImageError('not-found', 'Imagen was shut down on 2026-08-17', {
    hint: 'Use google/gemini-nano-banana-2.1, or a base URL that still offers Imagen.',
  });
}
