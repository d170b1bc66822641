// A package registry on loopback: it serves the tarballs that it is given, as npm asks for them.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { packTar, unpackTar } from 'modern-tar';

/** What is served. Whoever changes the lists changes what the next request is answered. */
export interface Registry {
  /** For `npm_config_registry`: `http://127.0.0.1:4873/`. */
  readonly url: string;
  /** The variables that make npm ask here, with a cache of its own in `folder`, and nowhere else. */
  env(folder: string): { readonly [name: string]: string };
  /** Adds a version of a package; the last one that was added is `latest`. Rejects for what is no packed package. */
  publish(tarball: Uint8Array): Promise<void>;
  /** What was asked for: `GET /zod`. */
  readonly requests: readonly string[];
  /** What is answered instead, for a path: a status such as 401 or 500; 0 for no answer at all. */
  readonly failing: Map<string, number>;
  /** What becomes of a tarball on its way, by path. */
  readonly changed: Map<string, (tarball: Uint8Array) => Uint8Array>;
  close(): Promise<void>;
}

interface Published {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: Uint8Array;
}

/** What answers for packages that were not published here, by path; undefined = nothing does. */
type Others = (path: string, url: string) => Promise<Uint8Array | string | undefined>;

/** Starts a registry without packages but those of `others`. */
export async function startRegistry(others: Others = async () => undefined): Promise<Registry> {
  const published: Published[] = [];
  const requests: string[] = [];
  const failing = new Map<string, number>();
  const changed: Registry['changed'] = new Map();
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    requests.push(`${request.method} ${path}`);
    const status = failing.get(path);
    if (status === 0) return;
    const answer = status === undefined ? (answerTo(path, published, url()) ?? (await others(path, url()))) : undefined;
    if (!answer) {
      response.writeHead(status ?? 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: status === undefined ? 'not found' : `status ${status}` }));
    } else response.end(typeof answer === 'string' ? answer : (changed.get(path)?.(answer) ?? answer));
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: url(),
    env: (folder) => ({
      npm_config_registry: url(),
      npm_config_cache: folder,
      npm_config_fetch_retries: '0',
      npm_config_update_notifier: 'false',
    }),
    async publish(tarball) {
      published.push({ manifest: await manifestIn(tarball), tarball });
    },
    requests,
    failing,
    changed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Files of a package, by path, as a packed package. */
export async function packFiles(files: { readonly [path: string]: string }): Promise<Uint8Array> {
  const entries = Object.entries(files).map(([path, text]) => {
    const body = Buffer.from(text);
    return { header: { name: `package/${path}`, size: body.length, mode: 0o644 }, body };
  });
  return gzipSync(await packTar(entries));
}

async function manifestIn(tarball: Uint8Array): Promise<Published['manifest']> {
  const entries = await unpackTar(gunzipSync(tarball));
  const found = entries.find(({ header }) => header.name === 'package/package.json');
  return JSON.parse(Buffer.from(found!.data!).toString());
}

/** The tarball of `/NAME/-/NAME-VERSION.tgz`, or the list of versions of `/NAME`. */
function answerTo(path: string, published: readonly Published[], url: string): Uint8Array | string | undefined {
  const [name, file] = path.slice(1).split('/-/');
  const versions = published.filter(({ manifest }) => manifest.name === name);
  if (file !== undefined) return versions.find(({ manifest }) => fileOf(manifest) === file)?.tarball;
  const latest = versions.at(-1)?.manifest.version;
  if (latest === undefined) return undefined;
  const list = versions.map(({ manifest, tarball }) => [
    manifest.version,
    { ...manifest, dist: dist(manifest, tarball, url) },
  ]);
  return JSON.stringify({ name, 'dist-tags': { latest }, versions: Object.fromEntries(list) });
}

function dist(manifest: Published['manifest'], tarball: Uint8Array, url: string): object {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  return { tarball: `${url}${manifest.name}/-/${fileOf(manifest)}`, integrity };
}

function fileOf({ name, version }: Published['manifest']): string {
  return `${name.split('/').at(-1)}-${version}.tgz`;
}
