import { pathToFileURL } from 'node:url';
import { type GeneratedImage, ImageError, type Ticket } from '@anyimage/core';
import { emptyOutcome, resultDocument } from '@anyimage/host';
import { expect, test } from 'vitest';
import { failureDocument, outcomeDocument, overviewDocument } from './document.ts';

const image = { model: 'paint/paint-1', mediaType: 'image/png', width: 8, height: 4, byteLength: 99 } as GeneratedImage;
const path = '/pictures/a boat.png';

test('the document is that of the command line, with addresses of files and what is running', () => {
  const outcome = { ...emptyOutcome('a boat'), images: [{ ...image, path }, image] };
  const shared = resultDocument(outcome);
  expect(outcomeDocument(outcome)).toEqual({
    ...shared,
    images: [{ ...shared.images[0], uri: pathToFileURL(path).href }, shared.images[1]],
    running: [],
  });
});

test('a failure and an overview have the same fields', () => {
  const failure = failureDocument(new ImageError('config', 'no'));
  expect(failure).toMatchObject({ error: { code: 'config' }, errors: [{ code: 'config' }], running: [] });
  const ticket = {
    id: 't-1',
    provider: 'paint',
    model: 'paint-1',
    state: 'submitted',
    at: 0,
    request: { prompt: 'x' },
  };
  const file = {
    path,
    uri: 'file:///x',
    name: 'x',
    mediaType: 'image/png',
    bytes: 9,
    changedAt: 0,
    facts: { seed: 0 },
  };
  const overview = overviewDocument([file], [], [ticket as unknown as Ticket]);
  expect(Object.keys(overview).sort()).toEqual(Object.keys(outcomeDocument(emptyOutcome())).sort());
  expect(overview).toMatchObject({
    images: [{ path, bytes: 9, seed: 0 }],
    pending: [{ id: 't-1', createdAt: '1970-01-01T00:00:00.000Z' }],
  });
});
