import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readClipboard } from './clipboard.ts';

const png = Buffer.from('89504e470d0a1a0a', 'hex');

/** An environment whose PATH holds programs of the shell, each by its text. */
async function having(programs: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'clipboard-'));
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return { PATH: folder, ...more };
}

const wayland = { WAYLAND_DISPLAY: 'wayland-0' };
const x11 = { DISPLAY: ':0' };
const printPNG = "printf '\\211PNG\\r\\n\\032\\n'";

describe.skipIf(process.platform === 'win32')('the clipboard', () => {
  test.each([
    ['wl-paste', wayland, `case "$1" in --list-types) printf 'text/html\\nimage/png\\n';; --type) ${printPNG};; esac`],
    ['xclip', x11, `case "$4" in TARGETS) printf 'TARGETS\\nimage/png\\n';; image/png) ${printPNG};; esac`],
  ])('is read by %s', async (program, session, text) => {
    expect(Buffer.from(await readClipboard(await having({ [program]: text }, session), 'linux'))).toEqual(png);
  });

  test('is read by the programs of macOS, one after the other', async () => {
    expect(Buffer.from(await readClipboard(await having({ pngpaste: printPNG }), 'darwin'))).toEqual(png);
    const osascript = "echo '«data PNGf89504E470D0A1A0A»'";
    expect(Buffer.from(await readClipboard(await having({ osascript }), 'darwin'))).toEqual(png);
  });

  test.each([
    ['win32', 'powershell', {}],
    ['linux', 'powershell.exe', { WSL_DISTRO_NAME: 'Ubuntu' }],
  ] as const)('of Windows is read on %s by %s', async (platform, program, more) => {
    const env = await having({ [program]: `echo ${png.toString('base64')}` }, more);
    expect(Buffer.from(await readClipboard(env, platform))).toEqual(png);
  });

  test.each([
    ['linux', wayland, {}, /wl-paste is missing/, /wl-clipboard/],
    ['linux', { ...wayland, ...x11 }, {}, /wl-paste and xclip are missing/, /wl-clipboard/],
    ['linux', {}, {}, /there is no clipboard here/, /-i/],
    ['linux', x11, { xclip: 'exit 1' }, /holds no picture/, /Copy one/],
    ['linux', wayland, { 'wl-paste': 'echo text/plain' }, /holds no picture/, /Copy one/],
    ['darwin', {}, { pngpaste: 'exit 1' }, /holds no picture/, /Copy one/],
    ['win32', {}, { powershell: '' }, /holds no picture/, /Copy one/],
    ['win32', {}, { powershell: 'echo not allowed >&2; exit 1' }, /could not read the clipboard: not allowed/, /-i/],
  ] as const)('that cannot be read on %s %j %j is told: %s', async (platform, session, programs, message, hint) => {
    await expect(readClipboard(await having(programs, session), platform)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });
});
