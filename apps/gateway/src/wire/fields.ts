// The fields of a request, as schemas: what is checked, and what `/openapi.json` says, are made of them.

import * as z from 'zod';

const text = (most: number) =>
  z.string({ error: 'must be text' }).min(1, 'must not be empty').max(most, `must have at most ${most} characters`);
const word = text(200);
const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.number({ error }).int(error).min(least, error).max(most, error);
};
const share = z.number({ error: 'must be a number from 0 to 1' }).min(0, 'must be from 0').max(1, 'must be at most 1');
const yesNo = z.boolean({ error: 'must be true or false' });
const side = z.number({ error: 'must be a number from 0' }).min(0, 'must be a number from 0').optional();
const object = { error: 'must be an object' };

const longestPrompt = 100_000;

/** Of both: OpenAI's own. */
const shared = {
  prompt: text(longestPrompt).describe('What the picture shows; of an edit, what it is to become.'),
  model: z
    .union([word, z.array(word).min(1, 'must name a model').max(10, 'must have at most 10 models')], {
      error: 'must be the name of a model, or a list of names',
    })
    .optional()
    .describe('PROVIDER/MODEL, a provider, an alias, or auto; a list is tried in order. GET /v1/models has the names.'),
  n: whole(1, 10).optional().describe('How many pictures; default 1.'),
  size: z
    .string({ error: 'must be text' })
    .regex(/^(?:auto|[1-9]\d{0,4}x[1-9]\d{0,4})$/, 'must be WIDTHxHEIGHT, such as 1024x1024, or auto')
    .optional(),
  quality: word.optional(),
  background: word.optional(),
  output_format: word.optional(),
  output_compression: whole(0, 100).optional(),
  moderation: word.optional(),
  user: text(512).optional(),
  safety_identifier: text(512).optional(),
  stream: yesNo
    .optional()
    .describe('Answers with events: partial pictures where the model has them, then each picture.'),
  partial_images: whole(0, 3).optional(),
  response_format: z
    .enum(['b64_json', 'url'], { error: 'must be b64_json or url' })
    .optional()
    .describe('Default b64_json. A url leads to this gateway, is signed, and works for an hour unless set otherwise.'),
  complexity: word.optional(),
  frame_count: whole(1, 1000).optional(),
  frame_duration_ms: whole(1, 1_000_000).optional(),
  svg: z
    .strictObject(
      { model: word.optional(), reasoning: z.strictObject({ effort: word.optional() }, object).optional() },
      object,
    )
    .optional(),
  style: word.optional(),
};

/** Of both: words beyond OpenAI's. */
const beyond = {
  negative_prompt: text(longestPrompt).optional(),
  aspect_ratio: z
    .string({ error: 'must be text' })
    .regex(/^\d+(?:\.\d+)?:\d+(?:\.\d+)?$/, 'must be WIDTH:HEIGHT, such as 16:9')
    .optional(),
  resolution: word.optional().describe('Such as 2K, as the model has it.'),
  seed: whole(0, Number.MAX_SAFE_INTEGER).optional(),
  operation: word.optional().describe('Default: what follows from the pictures that are given.'),
  translate: z.enum(['auto', 'never'], { error: 'must be auto or never' }).optional(),
  enhance: z.union([yesNo, word], { error: 'must be true, false or the name of a style' }).optional(),
  max_cost: z
    .strictObject(
      {
        amount: z.number({ error: 'must be a number from 0' }).min(0, 'must be a number from 0'),
        currency: z.enum(['USD', 'CNY', 'EUR'], { error: 'must be USD, CNY or EUR' }),
      },
      object,
    )
    .optional()
    .describe('The most that all pictures may cost by the table.'),
  prefer: z.enum(['price', 'speed', 'quality'], { error: 'must be price, speed or quality' }).optional(),
  provider_options: z
    .record(z.string(), z.json(), { error: 'must be an object of names and values' })
    .optional()
    .describe('What only the provider knows, by the names of its table.'),
};

export const generationFields = z.strictObject({ ...shared, ...beyond });

const url = z.string({ error: 'must be text' }).regex(/^(?:https?:\/\/|data:)/i, 'must be an http, https or data URL');
const image = z.union([z.strictObject({ image_url: url }, object), z.strictObject({ file_id: text(200) }, object)], {
  error: 'must be an object with an image_url: an http, https or data URL',
});

const edits = {
  input_fidelity: word.optional(),
  strength: share.optional(),
  factor: z.number({ error: 'must be a number above 0' }).positive('must be a number above 0').optional(),
  expand: z.strictObject({ top: side, right: side, bottom: side, left: side }, object).optional(),
};

/** Most input pictures of an edit. */
export const mostImages = 16;

/** An edit whose pictures are files of a form. Whether a prompt is needed, the model says. */
export const editFormFields = z.strictObject({ ...shared, prompt: shared.prompt.optional(), ...beyond, ...edits });

/** An edit whose pictures are URLs. */
export const editFields = editFormFields.extend({
  images: z
    .array(image, { error: 'must be a list of objects with an image_url' })
    .min(1, 'must have a picture')
    .max(mostImages, `must have at most ${mostImages} pictures`),
  mask: image.optional().describe('A PNG: what is transparent in it is drawn anew.'),
  markup: image.optional().describe('A PNG with transparency: arrows and notes over the first picture.'),
});

export type GenerationFields = z.infer<typeof generationFields>;
export type EditFormFields = z.infer<typeof editFormFields>;
/** What the words of a request are made of, whichever it is. */
export type AnyFields = GenerationFields & Partial<EditFormFields>;
