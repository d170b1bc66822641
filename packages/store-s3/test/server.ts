// A real S3 server on loopback, for tests: it can be ended and started again with what it holds.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('s3-process.mjs', import.meta.url));

/** What the server takes. */
export const testAccess = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', region: 'us-east-1' } as const;

export interface TestS3 {
  readonly endpoint: string;
  readonly bucket: 'pictures';
  /** It does not answer until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes what it held. */
  end(): Promise<void>;
}

/** `strict`: signatures are compared. Of lists the server compares another path than it was asked for, and refuses them. */
export async function startTestS3({ strict = false } = {}): Promise<TestS3> {
  const directory = await mkdtemp(join(tmpdir(), 's3-'));
  const child = fork(program, [directory, strict ? 'strict' : 'lax'], { execArgv: [], stdio: 'ignore' });
  const tell = async (word: 'start' | 'stop'): Promise<unknown> => {
    const told = once(child, 'message');
    child.send(word);
    return (await told)[0];
  };
  const port = await tell('start');
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket: 'pictures',
    stop: async () => void (await tell('stop')),
    start: async () => void (await tell('start')),
    async end() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
