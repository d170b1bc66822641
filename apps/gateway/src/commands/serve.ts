// anyimage-gateway serve: until a signal ends it.

import { ImageError } from '@anyimage/core';
import { parseNumber, rangeText } from '@anyimage/host';
import type { ConfigOptions } from '../config/load-config.ts';
import { startGateway } from '../http/start-gateway.ts';
import { note, noteProblem } from './say.ts';
import { loader, untilSignal } from './signals.ts';

export interface ServeFlags {
  readonly host?: string;
  readonly port?: string;
}

/** Serves. SIGHUP reads the config anew; SIGINT and SIGTERM end it once what is paid for is home, a second one at once. */
export async function serve(options: ConfigOptions, { host, port }: ServeFlags): Promise<void> {
  const load = await loader(options);
  const range = { least: 0, most: 65_535, whole: true, example: '4040' } as const;
  const number = port === undefined ? undefined : parseNumber(port, range);
  if (port !== undefined && number === undefined) {
    throw new ImageError('invalid-request', `--port must be ${rangeText(range)} (got ${JSON.stringify(port)})`);
  }
  const gateway = await startGateway({ load, host, port: number, onProblem: noteProblem });
  const who = gateway.isKeyRequired ? 'with a key' : 'without a key';
  note(`anyimage-gateway serves ${gateway.url}/v1 for who asks ${who}; it keeps what it must in ${gateway.place}`);
  untilSignal(gateway, 'it sends nothing more and brings home what is paid for; again ends it at once');
}
