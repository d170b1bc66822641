import { expect, onTestFinished, test } from 'vitest';
import type { ProviderDefinition } from '../contract/provider.ts';
import { checkNode, createEngine } from './create-engine.ts';

const access = { region: 'only', baseURL: 'https://paint.example', host: 'paint.example' };
const definition: ProviderDefinition = {
  id: 'paint',
  label: 'Paint',
  models: {},
  regions: { only: { baseURL: access.baseURL } },
  keys: [],
};

test.each([
  ['nothing said', undefined, undefined, 2],
  ['the table alone', undefined, 4, 4],
  ['the client alone', 3, undefined, 3],
  ['the client asks for less', 1, 4, 1],
  ['the client asks for more', 5, 3, 3],
])('calls at a time of one account: %s', async (_, concurrency, concurrent, most) => {
  const engine = createEngine({ providers: [], env: {}, ...(concurrency !== undefined && { concurrency }) });
  onTestFinished(() => engine.transport.close());
  const rate = concurrent === undefined ? {} : { rate: { concurrent } };
  const limiter = engine.limiter({ ...definition, ...rate }, access);
  const gate = Promise.withResolvers<void>();
  let running = 0;
  const { signal } = new AbortController();
  const works = Array.from({ length: 8 }, () =>
    limiter.run(() => {
      running += 1;
      return gate.promise;
    }, signal),
  );
  for (let tick = 0; tick < 20; tick++) await Promise.resolve();
  expect(running).toBe(most);
  gate.resolve();
  await Promise.all(works);
});

test.each(['22.19.0', '22.20.1', '23.0.0', '24.21.0', '100.0.0', undefined])('Node %s will do', (version) => {
  expect(() => checkNode(version)).not.toThrow();
});

test.each(['22.18.9', '20.19.4', '18.20.8', '9.0.0'])(
  'Node %s is too old, which is told before anything else',
  (version) => {
    expect(() => checkNode(version)).toThrow(
      expect.objectContaining({
        code: 'config',
        message: `anyimage needs Node 22.19 or later; this is Node ${version}`,
        hint: expect.stringContaining('Update Node'),
        mayHaveBeenBilled: false,
      }),
    );
  },
);
