import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installNewest } from './install.ts';

const folder = mkdtempSync(join(tmpdir(), 'anyimage-drift-'));
const ran = join(folder, 'ran');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** A packed package whose script would leave a file behind. */
function pack(version: string): Buffer {
  const source = join(folder, version);
  mkdirSync(source);
  const scripts = { postinstall: `node -e "require('fs').writeFileSync(process.env.RAN, '')"` };
  writeFileSync(join(source, 'package.json'), JSON.stringify({ name: '@some/sdk', version, scripts }));
  execFileSync(npm, ['pack', '--silent'], { cwd: source, shell: process.platform === 'win32' });
  return readFileSync(join(source, `some-sdk-${version}.tgz`));
}

/** A registry on loopback that has two versions of one package. */
let registry: Server;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  const tarballs = new Map(['1.0.0', '2.0.0'].map((version) => [version, pack(version)]));
  registry = createServer(({ url = '' }, response) => {
    const { port } = registry.address() as AddressInfo;
    const [version] = /\d+\.\d+\.\d+/.exec(url) ?? [];
    if (version) return void response.end(tarballs.get(version));
    if (decodeURIComponent(url) !== '/@some/sdk') return void response.writeHead(404).end('{}');
    const versions = [...tarballs].map(([version, bytes]) => {
      const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
      const dist = { tarball: `http://127.0.0.1:${port}/sdk-${version}.tgz`, integrity };
      return [version, { name: '@some/sdk', version, hasInstallScript: true, dist }];
    });
    response.setHeader('content-type', 'application/json');
    const latest = { latest: '2.0.0' };
    response.end(JSON.stringify({ name: '@some/sdk', 'dist-tags': latest, versions: Object.fromEntries(versions) }));
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  env = {
    ...process.env,
    RAN: ran,
    npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`,
    npm_config_cache: join(folder, 'cache'),
    npm_config_fetch_retries: '0',
  };
});
afterAll(() => registry.close());

test('the newest version is installed, and its scripts are not run', async () => {
  const sdk = await installNewest('@some/sdk', join(folder, 'installed'), env);
  expect(JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8'))).toMatchObject({ version: '2.0.0' });
  expect(existsSync(ran)).toBe(false);
});

test('a package that is not there is told in a line', async () => {
  await expect(installNewest('@some/other', join(folder, 'installed'), env)).rejects.toThrow(
    /^npm could not install it: 404 Not Found - GET http:\/\/127\.0\.0\.1:\d+\/@some%2fother/i,
  );
});
