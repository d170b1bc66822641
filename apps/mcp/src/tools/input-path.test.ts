import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { type InputFolders, resolveInput } from './input-path.ts';

let base: string;
let folders: InputFolders;
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'anyimage-path-')));
  for (const name of ['output', 'root', 'root-2', 'client', 'outside']) {
    await mkdir(join(base, name));
    await writeFile(join(base, name, `${name}.png`), name);
  }
  folders = {
    outputFolder: join(base, 'output'),
    roots: [join(base, 'root')],
    clientRoots: async () => [join(base, 'client')],
    byId: async (id) => join(base, 'output', `${id}.png`),
    newest: async (most) => [join(base, 'output', 'output.png'), join(base, 'output', 'older.png')].slice(0, most),
  };
});

test('names are found in the output folder, the roots and the roots of the client', async () => {
  for (const name of ['output', 'root', 'client']) {
    const path = join(base, name, `${name}.png`);
    expect(await resolveInput(`${name}.png`, folders)).toBe(path);
    expect(await resolveInput(path, folders)).toBe(path);
    expect(await resolveInput(pathToFileURL(path).href, folders)).toBe(path);
  }
});

test('the client is asked for its roots only when the file is nowhere else', async () => {
  const clientRoots = () => Promise.reject(new Error('asked'));
  await resolveInput('root.png', { ...folders, clientRoots });
  await expect(resolveInput('client.png', { ...folders, clientRoots })).rejects.toThrow('asked');
});

test('what lies outside is refused, by any way there, and whether it exists is not told', async () => {
  await symlink(join(base, 'outside'), join(base, 'root', 'folder-link'));
  await symlink(join(base, 'outside', 'outside.png'), join(base, 'output', 'link.png'));
  const ways = [
    join(base, 'outside', 'outside.png'),
    join(base, 'outside', 'missing.png'),
    join(base, 'root-2', 'root-2.png'),
    '../outside/outside.png',
    join(base, 'root', '..', 'outside', 'outside.png'),
    join(base, 'root', 'folder-link', 'outside.png'),
    'folder-link/outside.png',
    'link.png',
    join(base, 'root'),
  ];
  const refused = { code: 'invalid-request', details: { option: 'mask' } };
  for (const way of ways) await expect(resolveInput(way, folders, 'mask'), way).rejects.toMatchObject(refused);
  const problem = async (name: string) => {
    const path = join(base, 'outside', name);
    return (await resolveInput(path, folders).catch((error: Error) => error.message)).replace(path, '');
  };
  expect(await problem('outside.png')).toBe(await problem('missing.png'));
});

test('a folder that is itself a link is allowed by either name', async () => {
  await symlink(join(base, 'outside'), join(base, 'linked-root'));
  const linked = { ...folders, roots: [join(base, 'linked-root')] };
  const real = join(base, 'outside', 'outside.png');
  expect(await resolveInput(join(base, 'linked-root', 'outside.png'), linked)).toBe(real);
  expect(await resolveInput(real, linked)).toBe(real);
});

test('URLs and data: URIs are left to core', async () => {
  for (const input of ['https://example.com/a.png', 'data:image/png;base64,AA==', 'ftp://example.com/a.png']) {
    expect(await resolveInput(input, folders)).toBe(input);
  }
});

test('last is the newest picture, last:2 the one before it', async () => {
  const [newest, older] = await folders.newest(2);
  for (const name of ['last', 'LAST', 'last:1', 'latest']) expect(await resolveInput(name, folders)).toBe(newest);
  for (const name of ['last:2', 'last 2', 'last-2']) expect(await resolveInput(name, folders)).toBe(older);
  const refused = {
    code: 'invalid-request',
    message: 'images: only 2 pictures are here',
    hint: 'Give last to last:2.',
  };
  await expect(resolveInput('last:3', folders)).rejects.toMatchObject(refused);
  await expect(resolveInput('last', { ...folders, newest: async () => [] })).rejects.toMatchObject({
    hint: 'Make one with generate_image first.',
  });
});

test('a picture is found by its id', async () => {
  for (const id of ['p-3f9a1c02b7de', ' p-3f9a1c02b7de']) {
    expect(await resolveInput(id, folders)).toBe(join(base, 'output', 'p-3f9a1c02b7de.png'));
  }
});

test('a picture as base64 is left to core, any other long text is refused without repeating it', async () => {
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(5000)]).toString(
    'base64',
  );
  expect(await resolveInput(png, folders)).toBe(png);
  for (const text of ['x'.repeat(5000), 'x'.repeat(500)]) {
    const error = await resolveInput(text, folders).catch((reason: Error) => reason);
    expect(JSON.stringify(error)).not.toContain('x'.repeat(81));
  }
});

test('a file: URL of another machine is refused', async () => {
  await expect(resolveInput('file://elsewhere/a.png', folders)).rejects.toMatchObject({ code: 'invalid-request' });
});

test.skipIf(process.platform === 'win32')('a pipe with a name is refused: reading it may never end', async () => {
  execFileSync('mkfifo', [join(base, 'root', 'pipe.png')]);
  await expect(resolveInput('pipe.png', folders)).rejects.toMatchObject({
    code: 'invalid-request',
    message: 'images: pipe.png is a pipe or device, not a file',
  });
});
