// A picture that was copied, by the programs that a system has for it.

import { execFile } from 'node:child_process';
import { ImageError } from '@anyimage/core';
import { errorCode } from '@anyimage/host';

type Environment = { readonly [name: string]: string | undefined };

/** The name of the clipboard among pictures. */
export const clipboardName = 'clipboard';

/** A program that knows the clipboard, and how to get a picture from it; `undefined` if that holds none. */
interface Reader {
  readonly program: string;
  read(): Promise<Buffer | undefined>;
}

/** As long as a program may take, ms. */
const patienceMs = 10_000;
/** Longest answer, bytes: text of a picture is twice as long. */
const longest = 130 * 2 ** 20;
/** Which form is taken of several. */
const types = ['image/png', 'image/webp', 'image/jpeg', 'image/avif', 'image/gif'];

/**
 * The picture in the clipboard. Throws `invalid-request` if there is none, or if no program is here that could get it, naming what to
 * install. `platform` as of Node.
 */
export async function readClipboard(env: Environment = process.env, platform = process.platform): Promise<Uint8Array> {
  const readers = readersOf(env, platform);
  for (const { program, read } of readers) {
    try {
      const bytes = await read();
      if (bytes && bytes.length > 0) return bytes;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') continue;
      const said = String((error as { stderr?: unknown }).stderr ?? '').trim();
      throw refused(`${program} could not read the clipboard${said && `: ${said.slice(0, 200)}`}`, saveHint, error);
    }
    throw refused('the clipboard holds no picture', 'Copy one and try again, or give its file with -i.');
  }
  const names = readers.map(({ program }) => program);
  if (names.length === 0) throw refused('there is no clipboard here: no desktop is in reach', saveHint);
  throw refused(
    `the clipboard cannot be read: ${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} missing`,
    install[names[0]!] ?? saveHint,
  );
}

const saveHint = 'Save the picture, and give its file with -i.';

const install: Readonly<Record<string, string>> = {
  'wl-paste': 'Install wl-clipboard, such as with apt install wl-clipboard.',
  xclip: 'Install xclip, such as with apt install xclip.',
};

/** The first that is there counts. */
function readersOf(env: Environment, platform: NodeJS.Platform): readonly Reader[] {
  if (platform === 'darwin') return [pngpaste(env), osascript(env)];
  if (platform === 'win32') return [powershell('powershell', env)];
  return [
    ...(env.WAYLAND_DISPLAY ? [offering('wl-paste', ['--list-types'], (type) => ['--type', type], env)] : []),
    ...(env.DISPLAY ? [xclip(env)] : []),
    ...(env.WSL_DISTRO_NAME ? [powershell('powershell.exe', env)] : []),
  ];
}

function xclip(env: Environment): Reader {
  const out = (type: string) => ['-selection', 'clipboard', '-t', type, '-o'];
  return offering('xclip', out('TARGETS'), out, env);
}

/** A program that lists the forms in which the clipboard can be had. */
function offering(
  program: string,
  list: readonly string[],
  take: (type: string) => readonly string[],
  env: Environment,
): Reader {
  return {
    program,
    async read() {
      // An empty clipboard is a failure to both programs.
      const offered = await run(program, list, env).catch((error: unknown) => {
        if (errorCode(error) === 'ENOENT') throw error;
        return Buffer.alloc(0);
      });
      const there = offered.toString().split(/\s+/);
      const type = types.find((one) => there.includes(one));
      return type === undefined ? undefined : run(program, take(type), env);
    },
  };
}

/** What it prints when there is no picture is an error to it, and none to us. */
function pngpaste(env: Environment): Reader {
  return { program: 'pngpaste', read: () => run('pngpaste', ['-'], env).catch(noneUnlessMissing) };
}

function osascript(env: Environment): Reader {
  return {
    program: 'osascript',
    async read() {
      const said = await run('osascript', ['-e', 'get the clipboard as «class PNGf»'], env).catch(noneUnlessMissing);
      const hex = /«data PNGf([0-9A-F]+)»/i.exec(said?.toString() ?? '')?.[1];
      return hex === undefined ? undefined : Buffer.from(hex, 'hex');
    },
  };
}

function powershell(program: string, env: Environment): Reader {
  const script = `Add-Type -AssemblyName System.Windows.Forms, System.Drawing
$picture = [Windows.Forms.Clipboard]::GetImage()
if ($picture) {
  $bytes = New-Object IO.MemoryStream
  $picture.Save($bytes, [Drawing.Imaging.ImageFormat]::Png)
  [Convert]::ToBase64String($bytes.ToArray())
}`;
  return {
    program,
    read: async () =>
      Buffer.from((await run(program, ['-NoProfile', '-STA', '-Command', script], env)).toString(), 'base64'),
  };
}

function noneUnlessMissing(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') throw error;
  return undefined;
}

function run(program: string, args: readonly string[], env: Environment): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = {
      env: env as NodeJS.ProcessEnv,
      encoding: 'buffer',
      maxBuffer: longest,
      timeout: patienceMs,
      windowsHide: true,
    } as const;
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error) reject(Object.assign(error, { stderr: stderr.toString() }));
      else resolve(stdout);
    });
  });
}

function refused(message: string, hint: string, cause?: unknown): ImageError {
  return new ImageError('invalid-request', message, {
    details: { option: 'images' },
    hint,
    ...(cause !== undefined && { cause }),
  });
}
