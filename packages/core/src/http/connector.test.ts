import { buildConnector } from 'undici';
import { expect, test } from 'vitest';
import { accept, signalled } from '../../test/loopback.ts';
import { AddressRefused, createGuard } from './address-guard.ts';
import { createConnecting } from './connector.ts';

const optionsFor = (hostname: string, port: number) => ({
  hostname,
  host: hostname,
  port: String(port),
  protocol: 'http:',
});

test('a guarded connection to a literal address is refused before it is made, whoever asks for it', async () => {
  const { port } = await accept(() => expect.unreachable());
  for (const hostname of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
    const { connect } = createConnecting(buildConnector, createGuard());
    const refused = signalled<Error | null>();
    connect(optionsFor(hostname, port), (...[error]) => refused.resolve(error));
    expect(await refused.promise).toBeInstanceOf(AddressRefused);
  }
});

test('the connections to a host are ended when the last that waits for them gives up', async () => {
  const { connect, wait } = createConnecting(buildConnector, createGuard({ resolve: () => new Promise(() => {}) }));
  const [first, second] = [wait('http://name.example:81'), wait('http://name.example:81')];
  const ended = signalled<Error | null>();
  let isEnded = false;
  connect(optionsFor('name.example', 81), (...[error]) => {
    isEnded = true;
    ended.resolve(error);
  });
  const reason = new Error('enough');
  first(reason);
  first(reason);
  await new Promise((resolve) => setImmediate(resolve));
  expect(isEnded).toBe(false);
  second(reason);
  expect(await ended.promise).toBe(reason);
});
