import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openPipe } from './input-pipes.ts';

const folder = await mkdtemp(join(tmpdir(), 'anyimage-'));

describe.runIf(existsSync(`/proc/${process.pid}/fd`))('a descriptor below /proc', () => {
  test.each(['self', String(process.pid)])('of %s is read', async (whose) => {
    const pipe = join(folder, `pipe-${whose}`);
    execFileSync('mkfifo', [pipe]);
    const fd = openSync(pipe, 'r+');
    writeSync(fd, 'bytes');
    const reader = (await openPipe(`/proc/${whose}/fd/${fd}`, 'images'))!.getReader();
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('bytes');
    await reader.cancel();
  });

  test('of another process is a pipe like any with a name, or the file that it is', async () => {
    const path = join(folder, 'picture.png');
    await writeFile(path, 'bytes');
    const file = await open(path);
    const child = spawn('sleep', ['60'], { stdio: ['pipe', file.fd, 'ignore'] });
    try {
      await once(child, 'spawn');
      const other = `/proc/${child.pid}/fd`;
      for (const option of ['images', 'mask']) {
        await expect(openPipe(`${other}/0`, option)).rejects.toMatchObject({
          code: 'invalid-request',
          message: expect.stringMatching(/^\/proc\/\d+\/fd\/0 is a \w+, not a file$/),
          details: { option, asked: `${other}/0` },
        });
      }
      expect(await openPipe(`${other}/1`, 'images')).toBeUndefined();
    } finally {
      child.kill();
      await once(child, 'close');
      await file.close();
    }
  });
});
