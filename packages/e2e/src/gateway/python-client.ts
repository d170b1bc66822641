// pnpm --filter @anyimage/e2e gateway-python    OpenAI's Python client, as it is, over five imitated services. It is fetched by pip into a
// temporary folder, so that a Python with pip and a network are needed: no part of npm test, which has neither. Prints what it did, and
// fails if anything is not as OpenAI's own API has it.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, promisify } from 'node:util';
import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator as cogview } from '@anyimage/provider-cogview/emulator';
import { emulator as google } from '@anyimage/provider-google/emulator';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import { emulator as seedream } from '@anyimage/provider-seedream/emulator';
import { drawTestCard, encodePng } from '@anyimage/testkit';
import { newGatewayPlace, startGateway } from './run-gateway.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('python-client.py', import.meta.url));

interface Did {
  readonly did: string;
  readonly [fact: string]: unknown;
}

const folder = await mkdtemp(join(tmpdir(), 'gateway-python-'));
const forms: FormData[] = [];
const services = await Promise.all([
  openai.start({ observe: ({ exchange }) => exchange.form && forms.push(exchange.form) }),
  ...[cogview, google, bailian, seedream].map((emulator) => emulator.start({ checks: 0 })),
]);
const place = await newGatewayPlace(Object.assign({}, ...services.map(({ env }) => env)));
const gateway = await startGateway(place);
const problems: string[] = [];
const check = (isRight: boolean, what: string) => isRight || problems.push(what);

try {
  const pictures = Array.from({ length: 16 }, (_, index) =>
    drawTestCard({ prompt: `${index}`, width: 64, height: 64 }),
  );
  const mask = encodePng({
    width: 64,
    height: 64,
    palette: [
      [0, 0, 0],
      [9, 99, 199],
    ],
    opacity: [0, 255],
    row: () => Uint8Array.from({ length: 64 }, (_, x) => +(x > 30)),
  });
  for (const [index, bytes] of pictures.entries()) await writeFile(join(folder, `${index}.png`), bytes);
  await writeFile(join(folder, 'mask.png'), mask);
  await run('python3', ['-m', 'venv', join(folder, 'venv')]);
  const python = join(folder, 'venv', 'bin', 'python');
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'openai']);

  services[0]!.fault({
    on: ({ body }) => JSON.stringify(body ?? null).includes('a failing boat'),
    kind: 'cut',
    at: 'body',
    times: 'always',
  });
  const { stdout } = await run(python, [program, gateway.url, folder]);
  const all = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Did);
  for (const one of all) console.log(JSON.stringify(one).slice(0, 160));
  const of = (did: string) => all.filter((one) => one.did === did);
  check(of('generate').length === 5 && of('generate').every(({ bytes }) => Number(bytes) > 1000), 'five services');
  check(of('edit').length === 2 && of('mask').length === 1, 'edits');
  const sent = await Promise.all(
    forms.map(async (form) => {
      const images = [...form.getAll('image'), ...form.getAll('image[]')] as Blob[];
      const given = form.get('mask') as Blob | null;
      return { images: await Promise.all(images.map(bytesIn)), mask: given && (await bytesIn(given)) };
    }),
  );
  const [one] = pictures.map((bytes) => new Uint8Array(bytes));
  const wanted = [
    { images: [one], mask: null },
    { images: pictures.map((bytes) => new Uint8Array(bytes)), mask: null },
    { images: [one], mask: new Uint8Array(mask) },
  ];
  check(isDeepStrictEqual(sent, wanted), 'the bytes at the service are those that were sent');
  const [partial, single] = of('stream').map(({ events }) => events);
  check(
    isDeepStrictEqual(partial, ['image_generation.partial_image', 'image_generation.completed']),
    'partial pictures',
  );
  check(isDeepStrictEqual(single, ['image_generation.completed']), 'a stream without partial pictures');
  const [{ models = [] } = {}] = of('list') as readonly { readonly models?: readonly string[] }[];
  for (const name of ['openai', 'cogview', 'google', 'bailian', 'seedream']) {
    check(
      models.some((id) => id.startsWith(`${name}/`)),
      `models of ${name}`,
    );
  }
  check(isDeepStrictEqual(of('refuse')[0], { did: 'refuse', code: 'model_not_found', param: 'model' }), 'a refusal');
  const failing = services[0]!.requests.filter(({ body }) => JSON.stringify(body).includes('a failing boat'));
  check(
    Number(of('fail')[0]?.status) >= 500 && failing.length === 1,
    `an error after it was sent: sent ${failing.length} times`,
  );
} finally {
  await gateway.end('SIGTERM');
  await Promise.all(services.map((service) => service.close()));
  await rm(folder, { recursive: true, force: true });
  await rm(place.folder, { recursive: true, force: true });
}
for (const problem of problems) console.error(`wrong: ${problem}`);
console.log(problems.length === 0 ? 'all as it should be' : 'not all as it should be');
process.exitCode = problems.length === 0 ? 0 : 1;

async function bytesIn(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}
