import type { PictureRecord } from '@anyimage/host';
import { expect, test } from 'vitest';
import { plain } from '../terminal/paint.ts';
import { recordText } from './record-text.ts';

const record: PictureRecord = {
  path: '/pictures/boat.png',
  sidecar: {
    anyimage: 1,
    prompt: { original: 'ein Boot\nim Nebel', sent: 'a boat in the fog' },
    revisedPrompt: 'a small boat in thick fog',
    model: 'paint/paint-1',
    seed: 7,
    request: { prompt: 'ein Boot', model: 'paint', quality: 'hd', providerOptions: { watermark: false } },
    applied: [{ option: 'size', asked: '65x64', sent: '64x64', because: 'the nearest' }],
    warnings: [{ message: 'a warning' }],
    pictures: 2,
    cost: [{ amount: 0.12, currency: 'CNY', estimated: true }],
    timings: { totalMs: 1200 },
    createdAt: new Date(2026, 10, 20, 15).toISOString(),
    sourceUrl: 'https://paint.example/1.png',
    expiresAt: new Date(2026, 11, 20, 15).toISOString(),
    width: 64,
    height: 64,
    mediaType: 'image/png',
    bytes: 8000,
  },
  changed: true,
};

test('all that is known of a picture is told, a line each', () => {
  expect(recordText({ ...record, c2pa: { present: true, verified: false } }, plain)).toMatchInlineSnapshot(`
    "/pictures/boat.png
      prompt      ein Boot
                  im Nebel
      sent as     a boat in the fog
      drawn from  a small boat in thick fog
      model       paint/paint-1
      seed        7
      asked       quality hd, providerOptions {"watermark":false}
      picture     64x64 png, 8 kB
      cost        about 0.12 CNY for 2 pictures
      took        1.2 s
      date        2026-11-20 15:00
      source      https://paint.example/1.png (until 2026-12-20 15:00)
      c2pa        a manifest is in the file (not verified)
      changed: --size 65x64 to 64x64 (the nearest)
      warning: a warning
      warning: the file is not the one that was made: its bytes are others"
  `);
});

test('on a terminal no line is wider than it, as far as words allow, and what goes on is indented', () => {
  const because = 'the model makes pictures of these sizes, and this one is the nearest of those to what was asked';
  const prompt = {
    original: 'a boat\nin the fog, seen from far above at the break of dawn',
    sent: '一艘船'.repeat(20),
  };
  const sidecar = { ...record.sidecar, prompt, applied: [{ option: 'size', asked: '65x64', sent: '64x64', because }] };
  expect(recordText({ ...record, sidecar }, plain, 50)).toMatchInlineSnapshot(`
    "/pictures/boat.png
      prompt      a boat
                  in the fog, seen from far above at
                  the break of dawn
      sent as     一艘船一艘船一艘船一艘船一艘船一艘船
                  一艘船一艘船一艘船一艘船一艘船一艘船
                  一艘船一艘船一艘船一艘船一艘船一艘船
                  一艘船一艘船
      drawn from  a small boat in thick fog
      model       paint/paint-1
      seed        7
      asked       quality hd, providerOptions
                  {"watermark":false}
      picture     64x64 png, 8 kB
      cost        about 0.12 CNY for 2 pictures
      took        1.2 s
      date        2026-11-20 15:00
      source      https://paint.example/1.png (until
                  2026-12-20 15:00)
      changed: --size 65x64 to 64x64 (the model makes
        pictures of these sizes, and this one is the
        nearest of those to what was asked)
      warning: a warning
      warning: the file is not the one that was made:
        its bytes are others"
  `);
});

test('a sidecar that tells little is told as it is', () => {
  const { anyimage, prompt, model } = record.sidecar;
  const text = recordText({ path: '/pictures/boat.png', sidecar: { anyimage, prompt, model } }, plain);
  expect(text).not.toMatch(/undefined|NaN/);
  expect(text).toContain('paint/paint-1');
});
