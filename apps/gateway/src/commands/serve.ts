// anyimage-gateway serve: until a signal ends it.

import { ImageError } from '@anyimage/core';
import { noticeText, parseNumber, rangeText } from '@anyimage/host';
import { type ConfigOptions, type GatewaySettings, loadGateway } from '../config/load-config.ts';
import { startGateway } from '../http/start-gateway.ts';
import { fail, note, noteProblem } from './say.ts';

export interface ServeFlags {
  readonly host?: string;
  readonly port?: string;
}

/** Serves. SIGHUP reads the config anew; SIGINT and SIGTERM end it once what is paid for is home, a second one at once. */
export async function serve(options: ConfigOptions, { host, port }: ServeFlags): Promise<void> {
  const load = () => loadGateway({ ...options, onNotice: (notice) => note(noticeText(notice).text) });
  const first = await load();
  for (const text of first.settings.notes) note(text);
  const range = { least: 0, most: 65_535, whole: true, example: '4040' } as const;
  const number = port === undefined ? undefined : parseNumber(port, range);
  if (port !== undefined && number === undefined) {
    throw new ImageError('invalid-request', `--port must be ${rangeText(range)} (got ${JSON.stringify(port)})`);
  }
  let isFirst = true;
  const loadOnce = async (): Promise<GatewaySettings> => {
    if (!isFirst) return load();
    isFirst = false;
    return first;
  };
  const gateway = await startGateway({ load: loadOnce, host, port: number, onProblem: noteProblem });
  const who = gateway.isKeyRequired ? 'with a key' : 'without a key';
  note(`anyimage-gateway serves ${gateway.url}/v1 for who asks ${who}; it keeps what it must in ${gateway.data}`);

  let isEnding = false;
  const end = (signal: NodeJS.Signals) => {
    if (isEnding) process.exit(130);
    isEnding = true;
    note(`${signal}: it sends nothing more and brings home what is paid for; again ends it at once`);
    void gateway.close().then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  process.on('SIGHUP', () => {
    gateway.reload().then(
      () => note('the config was read anew'),
      (error: unknown) => {
        fail(error);
        process.exitCode = 0;
        note('all stays as it was');
      },
    );
  });
}
