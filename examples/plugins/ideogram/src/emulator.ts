// Ideogram's API, version 1, on loopback, written from FACTS.md and from nothing of this package: a mistake made in wire.ts shows
// here. What is not verified there is marked "unverified".

import {
  defineEmulator,
  type Exchange,
  type Fields,
  lookAt,
  type Reply,
  readPng,
  type SentPicture,
  type Understood,
} from '@anyimage/testkit';

/** Whether the text of a field is legal. */
type Check = (text: string) => boolean;

interface Endpoint {
  /** The field of the prompt. */
  readonly prompt: string;
  /** US dollars for a picture, by `rendering_speed`. */
  readonly prices: Readonly<Record<string, number>>;
  readonly fields: Readonly<Record<string, Check>>;
  /** The pictures that must be given. */
  readonly files?: readonly string[];
  /** The size where nothing is asked for. */
  readonly size: string;
}

const oneOf =
  (...values: readonly string[]): Check =>
  (text) =>
    values.includes(text);
const whole =
  (min: number, max: number): Check =>
  (text) =>
    /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max;
const isText: Check = () => true;
const turned = (list: string) => {
  const sizes = list.split(' ');
  return oneOf(...sizes, ...sizes.map((size) => size.split('x').toReversed().join('x')));
};

const isSize3 = turned(
  '512x1536 576x1408 576x1472 576x1536 640x1344 640x1408 640x1472 640x1536 704x1152 704x1216 704x1280 704x1344 704x1408 ' +
    '704x1472 736x1312 768x1088 768x1216 768x1280 768x1344 800x1280 832x960 832x1024 832x1088 832x1152 832x1216 832x1248 ' +
    '864x1152 896x960 896x1024 896x1088 896x1120 896x1152 960x1024 960x1088 1024x1024',
);
const isSize4 = turned(
  '2048x2048 1440x2880 1664x2496 1792x2240 1440x2560 1600x2560 1728x2304 1296x3168 1152x2944 1248x3328 1280x3072 1184x2816 ' +
    '1344x2688 1408x2560 1536x2560 1664x2240 1856x2176 1920x2048 1984x2016 2112x1920',
);
const isRatio = oneOf(...'1x3 3x1 1x2 2x1 9x16 16x9 10x16 16x10 2x3 3x2 3x4 4x3 4x5 5x4 1x1'.split(' '));

const prices4 = { TURBO: 0.03, DEFAULT: 0.06, QUALITY: 0.1 };
const prices3 = { FLASH: 0.03, TURBO: 0.03, DEFAULT: 0.06, QUALITY: 0.09 };
const four = {
  prompt: 'text_prompt',
  prices: prices4,
  fields: {
    resolution: isSize4,
    rendering_speed: oneOf(...Object.keys(prices4)),
    enable_copyright_detection: oneOf('true', 'false'),
  },
  size: '2048x2048',
};
const shared3 = {
  rendering_speed: oneOf(...Object.keys(prices3)),
  num_images: whole(1, 8),
  seed: whole(0, 2_147_483_647),
  magic_prompt: oneOf('AUTO', 'ON', 'OFF'),
  style_codes: (text: string) => /^[0-9A-Fa-f]{8}$/.test(text),
};
const three = { prompt: 'prompt', prices: prices3, fields: shared3, size: '1024x1024' };
const drawn3 = {
  ...shared3,
  negative_prompt: isText,
  resolution: isSize3,
  aspect_ratio: isRatio,
  style_type: oneOf('AUTO', 'GENERAL', 'REALISTIC', 'DESIGN', 'FICTION'),
};
const weight = { image_weight: whole(1, 100) };

const endpoints: Readonly<Record<string, Endpoint>> = {
  'ideogram-v4/generate': four,
  'ideogram-v4/remix': { ...four, fields: { ...four.fields, ...weight }, files: ['image'] },
  'ideogram-v3/generate': { ...three, fields: drawn3 },
  'ideogram-v3/remix': { ...three, fields: { ...drawn3, ...weight }, files: ['image'] },
  'ideogram-v3/inpaint': { ...three, files: ['image', 'mask'] },
  'ideogram-v3/replace-background': { ...three, files: ['image'] },
};

const lower = (name: string) => (fields: Fields) => String(fields[name] ?? '').toLowerCase() || undefined;

/** What the fields mean in anyimage's words. */
const understood: Understood = {
  prompt: ['text_prompt', 'prompt'],
  negativePrompt: 'negative_prompt',
  n: 'num_images',
  seed: 'seed',
  size: 'resolution',
  aspectRatio: ({ aspect_ratio: ratio }) => String(ratio).replace('x', ':'),
  quality: lower('rendering_speed'),
  style: lower('style_type'),
  images: 'image',
  mask: { at: 'mask', repaint: 'black' },
  // The service asks how much of the picture stays, from 1 to 100.
  strength: ({ image_weight: weight }) => 1 - Number(weight) / 100,
  options: { magicPrompt: lower('magic_prompt'), copyrightDetection: 'enable_copyright_detection' },
};

/**
 * The emulated service. Stricter than the documentation says: unknown fields are refused (the service's own behaviour is unverified).
 * `[unsafe]` in a prompt fails the safety check; a `refused` fault holds the first picture back.
 */
export const emulator = defineEmulator({
  id: 'ideogram',
  label: 'Ideogram',
  keyEnv: 'IDEOGRAM_API_KEY',
  baseURLEnv: 'IDEOGRAM_BASE_URL',
  basePath: '',
  currency: 'USD',
  filesLiveSeconds: 3600,
  authorize: ({ request, key }) =>
    request.headers['api-key'] === key ? undefined : problem(401, 'Unauthorized', 'No authorization token provided'),
  unknown: problem(404, 'Not Found', 'There is no such endpoint'),
  failures: {
    auth: problem(401, 'Unauthorized', 'No authorization token provided'),
    quota: { status: 402, json: { error: 'Not enough credits' } },
    permission: problem(403, 'Forbidden', 'The key may not do this'),
    'invalid-request': problem(400, 'Bad Request', 'resolution is not valid'),
    'content-blocked': { status: 422, json: { error: 'Prompt or provided image failed safety check' } },
    'rate-limit': problem(429, 'Too Many Requests', 'More than 10 requests are in flight'),
    server: { status: 500, json: { message: 'Internal error' } },
    unavailable: problem(503, 'Service Unavailable', 'Try again later'),
  },
  routes: Object.entries(endpoints).map(([path, endpoint]) => ({
    method: 'POST',
    path: `v1/${path}`,
    point: path.endsWith('/generate') ? 'generate' : 'edit',
    spends: true,
    understood: { ...understood, model: () => path.split('/')[0] },
    told: { seed: 'data.*.seed', revisedPrompt: 'data.*.prompt' },
    answer: (exchange) => draw(exchange, endpoint),
  })),
});

async function draw(exchange: Exchange, endpoint: Endpoint): Promise<Reply> {
  const { form } = exchange;
  if (!form) return problem(415, 'Unsupported Media Type', 'Send multipart/form-data');
  const files = await Promise.all((endpoint.files ?? []).map((name) => pictureIn(form, name)));
  const refusal = refuse(form, endpoint, files) ?? (await refuseMask(form, files));
  if (refusal) return refusal;
  const text = (name: string) => form.get(name) as string | null;
  const prompt = text(endpoint.prompt)!;
  const revised = text('magic_prompt') === 'OFF' ? prompt : `${prompt}, beautifully lit`;
  const size = sizeOf(form, endpoint, files);
  const [width, height] = size.split('x').map(Number) as [number, number];
  const count = Number(text('num_images') ?? 1);
  const first = Number(text('seed') ?? exchange.request.index);
  const isBlocked = exchange.takes('refused') !== undefined;
  const exp = Math.floor(exchange.now / 1000) + 3600;
  const data = Array.from({ length: count }, (_, index) => {
    const seed = first + index;
    const isSafe = !isBlocked || index > 0;
    const url = isSafe ? `${exchange.picture({ prompt, width, height, seed })}?exp=${exp}&sig=0` : null;
    return {
      prompt: revised,
      resolution: size,
      is_image_safe: isSafe,
      seed,
      url,
      style_type: text('style_type') ?? 'GENERAL',
    };
  });
  const cost = endpoint.prices[text('rendering_speed') ?? 'DEFAULT']! * count;
  return { cost, json: { created: new Date(exchange.now).toISOString(), data } };
}

function refuse(form: FormData, endpoint: Endpoint, files: readonly (SentPicture | undefined)[]): Reply | undefined {
  const checks: Readonly<Record<string, Check>> = { [endpoint.prompt]: (text) => text !== '', ...endpoint.fields };
  if (!form.has(endpoint.prompt)) return bad(`${endpoint.prompt} is required`);
  for (const [name, value] of form) {
    if (endpoint.files?.includes(name)) continue;
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (!check || typeof value !== 'string') return bad(`${name} is not a field of this endpoint`);
    if (!check(value)) return bad(`${name} is not valid`);
  }
  if (form.has('resolution') && form.has('aspect_ratio')) return bad('resolution cannot be used with aspect_ratio');
  if (form.has('style_codes') && form.has('style_type')) return bad('style_codes cannot be used with style_type');
  const broken = endpoint.files?.find((_, index) => !files[index]);
  if (broken) return bad(`${broken} is not a JPEG, PNG or WebP picture of at most 10 MB`);
  if (!String(form.get(endpoint.prompt)).includes('[unsafe]')) return undefined;
  return { status: 422, json: { error: 'Prompt or provided image failed safety check' } };
}

async function refuseMask(
  form: FormData,
  [image, mask]: readonly (SentPicture | undefined)[],
): Promise<Reply | undefined> {
  if (!mask) return undefined;
  if (mask.width !== image?.width || mask.height !== image?.height) return bad('mask has another size than image');
  const bytes = new Uint8Array(await (form.get('mask') as File).arrayBuffer());
  return isBlackAndWhite(bytes) ? undefined : bad('mask is not black and white');
}

/** Pixels of other formats than PNG are not looked at. */
function isBlackAndWhite(bytes: Uint8Array): boolean {
  const pixels = readPng(bytes);
  if (!pixels) return true;
  for (let y = 0; y < pixels.height; y++) {
    for (let x = 0; x < pixels.width; x++) {
      const [red, green, blue] = pixels.at(x, y);
      if (red !== green || green !== blue || (red !== 0 && red !== 255)) return false;
    }
  }
  return true;
}

/** A picture that is sent; undefined for what is none that is taken. */
async function pictureIn(form: FormData, name: string): Promise<SentPicture | undefined> {
  const [file, ...more] = form.getAll(name);
  if (!(file instanceof File) || more.length > 0 || file.size > 10_000_000) return undefined;
  const seen = lookAt(new Uint8Array(await file.arrayBuffer()));
  return seen && ['image/jpeg', 'image/png', 'image/webp'].includes(seen.mediaType) ? seen : undefined;
}

/** What is asked for; a picture that is changed in part keeps its size; a ratio stands for about a megapixel. */
function sizeOf(form: FormData, { size, fields }: Endpoint, [image]: readonly (SentPicture | undefined)[]): string {
  const asked = form.get('resolution');
  if (typeof asked === 'string') return asked;
  if (image && !fields.resolution) return `${image.width}x${image.height}`;
  const [across, down] = String(form.get('aspect_ratio') ?? '1x1')
    .split('x')
    .map(Number) as [number, number];
  const round = (length: number) => Math.round(length / 16) * 16;
  if (across === down) return size;
  return `${round(1024 * Math.sqrt(across / down))}x${round(1024 * Math.sqrt(down / across))}`;
}

function bad(detail: string): Reply {
  return problem(400, 'Bad Request', detail);
}

function problem(status: number, title: string, detail: string): Reply {
  return { status, json: { type: 'about:blank', title, detail, status } };
}
