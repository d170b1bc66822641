// The command line against imitated Bailian: tasks that outlive their process, partial success, the functions of wanx2.1-imageedit.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emulator } from '@anyimage/provider-bailian/emulator';
import { drawTestCard, type Emulator, encodePng, pngSize } from '@anyimage/testkit';
import { describe, expect, type TestContext, test } from 'vitest';
import { newPerson, type Person } from './run-cli.ts';

const picture = drawTestCard({ prompt: 'input', width: 512, height: 640 });
const mask = drawMask({ right: 255 });

/** Black on the left, grey of this shade and opacity on the right. */
function drawMask({ right, opacity = 255 }: { readonly right: number; readonly opacity?: number }): Uint8Array {
  const halves = Uint8Array.from({ length: 512 }, (_, x) => (x < 256 ? 0 : 1));
  return encodePng({
    width: 512,
    height: 640,
    palette: [
      [0, 0, 0],
      [right, right, right],
    ],
    opacity: [255, opacity],
    row: () => halves,
  });
}

/** A service whose tasks run for `checks` questions, and a person in a folder with `in.png` and `mask.png`. */
async function begin(
  model: string,
  { onTestFinished }: TestContext,
  checks = 0,
): Promise<{ service: Emulator; person: Person }> {
  const service = await emulator.start({ checks });
  onTestFinished(() => service.close());
  const person = await newPerson({ ...service.env, ANYIMAGE_MODEL: `bailian/${model}` });
  await writeFile(join(person.folder, 'in.png'), picture);
  await writeFile(join(person.folder, 'mask.png'), mask);
  return { service, person };
}

async function pending(person: Person): Promise<{ id: string }[]> {
  return JSON.parse((await person.run('jobs', 'list', '--json')).stdout).pending;
}

describe('a process that is killed between submit and result', () => {
  test.concurrent.for([
    ['wan2.6-t2i', ['a poster'], '1280x1280'],
    ['wan2.2-t2i-flash', ['a poster'], '1024x1024'],
    ['wanx2.1-imageedit', ['a poster on a wall', '-i', 'in.png', '--expand', 'left=0.5'], '768x640'],
  ] as const)(
    'leaves a task of %s that is shown and fetched, with one submission',
    async ([model, words, size], context) => {
      const { service, person } = await begin(model, context, 1);
      const checked = service.next('answered', ({ point }) => point === 'check');
      const { child, ended } = person.start(...words, '-o', 'lost.png');
      await checked;
      child.kill('SIGKILL');
      expect(await ended).toMatchObject({ code: null, stdout: '' });
      expect(await readdir(person.folder)).not.toContain('lost.png');

      const [ticket] = await pending(person);
      expect(ticket).toMatchObject({ provider: 'bailian', model, state: 'submitted', prompt: words[0] });
      const { stdout: listed } = await person.run('jobs', 'list');
      expect(listed).toContain(`${ticket!.id}`);
      expect(listed).toContain(`bailian/${model}`);
      expect(listed).toContain('being made');

      const which = model === 'wan2.6-t2i' ? ticket!.id : 'all';
      const { code, stdout } = await person.run('jobs', 'resume', which);
      expect(code).toBe(0);
      const [width, height] = size.split('x').map(Number);
      expect(pngSize(await readFile(join(person.folder, stdout.trim())))).toEqual({ width, height });
      expect(service.submissions).toBe(1);
      expect(service.requests.filter(({ point }) => point === 'submit')).toHaveLength(1);
      expect(await pending(person)).toEqual([]);
    },
  );
});

describe('a task of four with one failure', () => {
  const result = { code: 'timeout', serviceCode: 'InternalError.Timeout' };
  const choice = { code: 'server', message: expect.stringContaining('1 of 4 pictures') };
  test.concurrent.for([
    ['wan2.2-t2i-plus', 0.6, [], result, 'code InternalError.Timeout'],
    ['wan2.6-t2i', 0.6, [], choice, 'could not make 1 of 4 pictures'],
    ['wanx2.1-imageedit', 0.42, ['-i', 'in.png'], result, 'code InternalError.Timeout'],
  ] as const)('of %s is three paths, the error, and exit 3', async ([model, price, more, failure, told], context) => {
    const { service, person } = await begin(model, context);
    const words = ['a kite [partial]', '-n', '4', ...more];
    const { code, stdout, stderr } = await person.run(...words, '-o', 'plain/');
    const paths = stdout.trim().split('\n');
    expect(code).toBe(3);
    expect(paths).toHaveLength(3);
    for (const path of paths) expect(pngSize(await readFile(join(person.folder, path)))).toBeDefined();
    expect(stderr.match(/^error:/gm)).toHaveLength(1);
    expect(stderr).toContain(told);
    expect(stderr).not.toContain('billed');

    const documented = await person.run(...words, '-o', 'json/', '--json');
    expect(documented.code).toBe(3);
    const { images, errors, error, pending: left, cost } = JSON.parse(documented.stdout);
    expect(images).toMatchObject([{ path: expect.any(String) }, {}, {}]);
    expect(errors).toMatchObject([{ ...failure, mayHaveBeenBilled: false }]);
    expect({ error, left, cost }).toEqual({
      left: [],
      cost: [{ amount: expect.closeTo(price), currency: 'CNY', estimated: true }],
    });
    expect(service.submissions).toBe(2);
    expect(service.spent).toBeCloseTo(2 * price);
  });
});

describe('the functions of wanx2.1-imageedit', () => {
  const model = 'wanx2.1-imageedit';
  const embedded = `data:image/png;base64,${Buffer.from(picture).toString('base64')}`;
  const whole = '512x640';

  interface Function {
    readonly name: string;
    readonly words: readonly string[];
    readonly input: object;
    readonly parameters: object;
    readonly size: string;
    /** Words that it does not take, and what is said of them. */
    readonly refused: readonly [words: readonly string[], allowed: RegExp];
  }

  const functions: readonly Function[] = [
    {
      name: 'description_edit',
      words: ['red hair', '--operation', 'edit', '--strength', '0.8'],
      input: { prompt: 'red hair' },
      parameters: { strength: 0.8 },
      size: whole,
      refused: [['red hair', '--operation', 'edit', '--strength', '1.5'], /strength must be a number from 0 to 1/],
    },
    {
      name: 'description_edit_with_mask',
      words: ['a straw hat', '--operation', 'inpaint', '--mask', 'mask.png', '--option', 'watermark=true'],
      input: { prompt: 'a straw hat', mask_image_url: expect.stringMatching(/^data:image\/png;base64,/) },
      parameters: { watermark: true },
      size: whole,
      refused: [
        ['a straw hat', '--mask', 'mask.png', '--option', 'isSketch=true'],
        /no provider option "isSketch"; it has watermark, transfer/,
      ],
    },
    {
      name: 'expand',
      words: ['a wide beach', '--operation', 'outpaint', '--expand', 'left=0.5,right=1,top=0.1'],
      input: { prompt: 'a wide beach' },
      parameters: { left_scale: 1.5, right_scale: 2, top_scale: 1.1 },
      size: '1280x704',
      refused: [['a wide beach', '--expand', 'left=1.5'], /parts of the side, at most 1 per side/],
    },
    {
      name: 'super_resolution',
      words: ['--operation', 'upscale', '--factor', '2'],
      input: { prompt: '图像超分' },
      parameters: { upscale_factor: 2 },
      size: '1024x1280',
      refused: [['--operation', 'upscale', '--factor', '5'], /upscales by 1, 2, 3, 4/],
    },
    {
      name: 'colorization',
      words: ['--operation', 'colorize'],
      input: { prompt: '' },
      parameters: {},
      size: whole,
      refused: [
        ['--operation', 'colorize', '--option', 'promptExtend=true'],
        /no provider option "promptExtend"; it has watermark, transfer/,
      ],
    },
    {
      name: 'stylization_all',
      words: ['转换成金箔艺术风格', '--operation', 'stylize', '--strength', '0'],
      input: { prompt: '转换成金箔艺术风格' },
      parameters: { strength: 0 },
      size: whole,
      refused: [['转换成金箔艺术风格', '--operation', 'stylize', '--strength=-0.1'], /from 0 to 1/],
    },
    {
      name: 'stylization_local',
      words: ['把房子变成木板风格', '--operation', 'stylizeLocal'],
      input: { prompt: '把房子变成木板风格' },
      parameters: {},
      size: whole,
      refused: [
        ['把房子变成木板风格', '--operation', 'stylizeLocal', '--strength', '0.5'],
        /no strength for stylizeLocal[\s\S]*Leave --strength out/,
      ],
    },
    {
      name: 'remove_watermark',
      words: ['--operation', 'removeWatermark'],
      input: { prompt: '去除图像中的文字' },
      parameters: {},
      size: whole,
      refused: [
        ['--operation', 'removeWatermark', '--factor', '2'],
        /no factor for removeWatermark[\s\S]*Leave --factor out/,
      ],
    },
    {
      name: 'doodle',
      words: ['a tree', '--operation', 'doodle', '--option', 'isSketch=true'],
      input: { prompt: 'a tree' },
      parameters: { is_sketch: true },
      size: whole,
      refused: [['a tree', '--operation', 'doodle', '--option', 'isSketch=perhaps'], /isSketch.* is true or false/],
    },
    {
      name: 'control_cartoon_feature',
      words: ['卡通形象在游泳', '--operation', 'cartoonCharacter'],
      input: { prompt: '卡通形象在游泳' },
      parameters: {},
      size: whole,
      refused: [
        ['卡通形象在游泳', '--operation', 'cartoonCharacter', '--mask', 'mask.png'],
        /no mask for cartoonCharacter[\s\S]*Leave --mask out/,
      ],
    },
  ];

  test.concurrent.for<[string, Uint8Array, string]>([
    ['with a hole', drawMask({ right: 255, opacity: 0 }), 'the mask says with transparency'],
    ['that is a colour picture', picture, 'the mask is a colour picture'],
    ['that is all black', drawMask({ right: 0 }), 'the mask is all black'],
  ])('a mask %s is refused before anything is sent', async ([_, wrong, message], context) => {
    const { service, person } = await begin(model, context);
    await writeFile(join(person.folder, 'mask.png'), wrong);
    const ended = await person.run('a straw hat', '-i', 'in.png', '--mask', 'mask.png', '-o', 'out.png');
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(ended.stderr).toMatch(/Give a --mask .*white/);
    expect(service.requests).toEqual([]);
  });

  test.concurrent.for(functions)('$name is sent as it is typed, and its picture is written', async (one, context) => {
    const { service, person } = await begin(model, context);
    const ended = await person.run(...one.words, '-i', 'in.png', '--seed', '3', '-o', 'out.png');
    expect(ended).toMatchObject({ code: 0, stdout: 'out.png\n' });
    const [submitted] = service.requests;
    expect(submitted).toMatchObject({
      path: '/api/v1/services/aigc/image2image/image-synthesis',
      headers: { 'x-dashscope-async': 'enable' },
    });
    expect(submitted!.body).toEqual({
      model,
      input: { function: one.name, base_image_url: embedded, ...one.input },
      parameters: { n: 1, seed: 3, watermark: false, ...one.parameters },
    });
    const [width, height] = one.size.split('x').map(Number);
    expect(pngSize(await readFile(join(person.folder, 'out.png')))).toEqual({ width, height });
    expect(service.submissions).toBe(1);
  });

  test.concurrent.for(functions)('$name refuses what it does not take, and says what it does', async (one, context) => {
    const { service, person } = await begin(model, context);
    const [words, allowed] = one.refused;
    const { code, stdout, stderr } = await person.run(...words, '-i', 'in.png');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(allowed);
    expect(service.requests).toEqual([]);
  });

  test('the page of the model teaches every function, with its options', async () => {
    const person = await newPerson();
    const { code, stdout } = await person.run('models', `bailian/${model}`);
    expect(code).toBe(0);
    // The first two are about the model, and what all operations share.
    const sections = new Map(stdout.split(/^(?=\S)/m).map((text) => [text.split(/\s/)[0]!, text]));
    const operations = ['edit', 'inpaint', 'outpaint', 'upscale', 'colorize', 'stylize', 'stylizeLocal'];
    expect([...sections.keys()].slice(2)).toEqual([...operations, 'removeWatermark', 'doodle', 'cartoonCharacter']);
    expect(sections.get('edit')).toMatch(/--strength +0 to 1/);
    expect(sections.get('inpaint')).toMatch(/--mask/);
    expect(sections.get('upscale')).toMatch(/--factor +1, 2, 3, 4/);
    expect(sections.get('stylize')).toMatch(/--strength +0 to 1/);
    expect(sections.get('doodle')).toMatch(/--option isSketch +true or false/);
  });
});
