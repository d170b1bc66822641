// The four tools of the server whose place is taken: their names and arguments, with makePictures underneath.

import { ImageError, isBase64Picture, quotedWord } from '@anyimage/core';
import { type Environment, shownWord } from '@anyimage/host';
import type { ClientProfile } from '../results/profiles.ts';
import type { Document, ToolResult } from '../results/tool-result.ts';
import { paying } from '../tools/request-schema.ts';
import type { Schema, Tool, ToolContext } from '../tools/tool.ts';
import type { SeedProvider } from './environment.ts';
import { functionNames } from './seed-functions.ts';

const failing = {
  generate: 'Error generating image: ',
  transform: 'Error transforming image: ',
  transformURL: 'Error transforming image from URL: ',
};

/** The tools of a service: one that cannot change pictures has only the first. `undefined`: none is named, and each call says so. */
export function seedTools(provider: SeedProvider | undefined, env: Environment): readonly Tool[] {
  const generate = generateFromText(provider, env);
  return provider === undefined || provider === 'cogview' ? [generate] : [generate, ...transformTools(provider)];
}

function generateFromText(provider: SeedProvider | undefined, env: Environment): Tool {
  return seedTool({
    name: 'generate_image_from_text',
    title: 'Generate image from text',
    description: 'Make a picture from a text. Answers with the path of the file.',
    properties: {
      prompt: { type: 'string', description: 'What to draw, in any language.' },
      model_type: {
        type: 'string',
        enum: ['gemini', 'imagen'],
        description: 'Which model of Google draws. For Google only.',
      },
    },
    required: ['prompt'],
    failing: failing.generate,
    saved: 'Image saved to: ',
    async run({ prompt, model_type: type }, context, notes) {
      if (!provider) throw noProvider(env);
      const { generatingModel } = await import('./seed-models.ts');
      if (type !== undefined && provider !== 'google') notes.push('model_type counts for Google only');
      const wanted = (type as string | undefined) ?? env.GOOGLE_MODEL?.trim().toLowerCase();
      const { model, note } = generatingModel(provider, wanted, context.services.settings);
      if (note) notes.push(note);
      // It put each prompt into a template that asked for light, composition, style and detail.
      const size = provider === 'bailian' && { size: '1024x1024' };
      return { model, prompt: prompt!, enhance: true, ...size };
    },
  });
}

function transformTools(provider: SeedProvider): readonly Tool[] {
  const prompt: Schema = { type: 'string', description: 'How to change the picture, in any language.' };
  const transform = (name: string, title: string, argument: string, about: string, asInput: AsInput) =>
    seedTool({
      name,
      title,
      description: `${title}, as a text says. Answers with the path of the new file; the original stays as it is.`,
      properties: { [argument]: { type: 'string', description: about }, prompt },
      required: [argument, 'prompt'],
      failing: failing.transform,
      saved: transformed,
      async run(given, context, notes) {
        const image = await asInput(given[argument] as string, context, argument);
        return { ...(await editWith(provider, context, notes)), prompt: given.prompt!, images: [image] };
      },
    });
  return [
    transform(
      'transform_image_from_encoded',
      'Change a picture that is given as base64',
      'encoded_image',
      'data:image/FORMAT;base64,DATA',
      encoded,
    ),
    seedTool({
      name: 'transform_image_from_url',
      title: 'Change a picture at a URL',
      description: 'Change the picture at a URL, as a text says. Answers with the path of the new file.',
      properties: {
        image_url: { type: 'string', description: 'Where the picture is.' },
        prompt,
        function: {
          type: 'string',
          enum: functionNames,
          description: 'What is done, default description_edit. For Bailian only.',
        },
        mask_image_url: {
          type: 'string',
          description: 'White = repaint. For description_edit_with_mask.',
        },
      },
      required: ['image_url', 'prompt'],
      failing: failing.transformURL,
      saved: transformed,
      async run(
        { image_url: url, prompt: text, function: name = 'description_edit', mask_image_url: mask },
        context,
        notes,
      ) {
        const { wordsOf } = await import('./seed-functions.ts');
        const images = [urlOf(url as string, 'image_url')];
        const masked = mask === undefined ? undefined : urlOf(mask as string, 'mask_image_url');
        const words = provider === 'bailian' ? wordsOf(name as string, masked, notes) : {};
        if (provider !== 'bailian' && (name !== 'description_edit' || masked))
          notes.push('function and mask_image_url count for Bailian only');
        return { ...(await editWith(provider, context, notes)), prompt: text!, images, ...words };
      },
    }),
    transform(
      'transform_image_from_file',
      'Change a picture in a file',
      'image_file_path',
      'The path of the picture.',
      inFile,
    ),
  ];
}

const transformed = 'Image transformed and saved to: ';

/** The picture of an argument, as core may read it. Throws `invalid-request`. */
type AsInput = (given: string, context: ToolContext, argument: string) => Promise<string>;

const encoded: AsInput = async (given, _, argument) => {
  if (/^\s*data:/i.test(given) || isBase64Picture(given)) return given;
  throw refused(argument, given, 'is no picture as base64', 'Give data:image/FORMAT;base64,DATA.');
};

const inFile: AsInput = async (given, context, argument) => {
  const { inputFolders, resolveInput } = await import('../tools/input-path.ts');
  return resolveInput(given, inputFolders(context), argument);
};

function urlOf(given: string, argument: string): string {
  if (/^(?:https?|data):/i.test(given.trim())) return given.trim();
  throw refused(argument, given, 'is no URL', 'Give an http or https URL, or the file to transform_image_from_file.');
}

async function editWith(provider: SeedProvider, { services }: ToolContext, notes: string[]): Promise<Document> {
  const { editingModel } = await import('./seed-models.ts');
  const { model, note } = editingModel(provider, services.settings);
  if (note) notes.push(note);
  return { model };
}

interface SeedTool extends Pick<Tool, 'name' | 'title' | 'description'> {
  readonly properties: { readonly [name: string]: Schema };
  readonly required: readonly string[];
  /** What its failures begin with. */
  readonly failing: string;
  /** What stands before the path. */
  readonly saved: string;
  /** The words of the request. `notes`: what the caller should know besides. */
  run(given: Document, context: ToolContext, notes: string[]): Promise<Document>;
}

function seedTool({ properties, required, failing, saved, run, ...words }: SeedTool): Tool {
  return {
    ...words,
    inputSchema: { type: 'object', properties, required },
    annotations: paying,
    failureWords: failing,
    async run(given, context): Promise<ToolResult> {
      const notes: string[] = [];
      const request = await run(given, context, notes);
      const { makePictures } = await import('../tools/make-pictures.ts');
      const { plainAnswer } = await import('./plain-answer.ts');
      return plainAnswer(await makePictures(request, { ...context, client: pictureless(context.client) }), {
        saved,
        failing,
        tool: words.name,
        notes,
      });
    },
  };
}

/** The client as one that shows no previews: answers are text alone. */
function pictureless(client: ClientProfile): ClientProfile {
  return { ...client, preview: { ...client.preview, count: 0 }, structureHidesPictures: false };
}

function noProvider({ IMAGE_PROVIDER: name = '' }: Environment): ImageError {
  const problem = name.trim() === '' ? 'is not set' : `is ${quotedWord(name, 80)}, which is none of them`;
  return new ImageError('config', `IMAGE_PROVIDER ${problem}`, {
    details: { option: 'IMAGE_PROVIDER', allowed: ['google', 'zhipuai', 'bailian'] },
    hint: 'The person sets it to google, zhipuai or bailian, as env of this server in the configuration of the client.',
  });
}

function refused(argument: string, given: string, problem: string, hint: string): ImageError {
  const asked = shownWord(given);
  return new ImageError('invalid-request', `${argument}: ${asked} ${problem}`, {
    details: { option: argument, asked },
    hint,
  });
}
