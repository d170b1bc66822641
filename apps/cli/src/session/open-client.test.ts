import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test.skipIf(process.platform === 'win32')(
  'no client that keeps pictures is opened in a folder that is gone',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'anyimage-gone-'));
    const client = fileURLToPath(new URL('open-client.ts', import.meta.url));
    const script = `
    process.chdir(process.argv[1]); (await import('node:fs')).rmdirSync(process.argv[1]);
    const { openClient } = await import(process.argv[2]);
    try { openClient({ env: {} }, { store: {}, tickets: {} }); } catch (error) { console.log(error.syscall); }`;
    const ran = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, folder, client]);
    expect((await ran).stdout).toBe('uv_cwd\n');
  },
);
