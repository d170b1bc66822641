// What a person can start from a client's menu: each prompt tells the agent which tools to call, and how.

import type { GetPromptResult, Prompt } from '@modelcontextprotocol/server';
import { shown } from './wire/shown.ts';

type Words = { readonly [argument: string]: string | undefined };

interface OwnPrompt extends Prompt {
  readonly arguments: { readonly name: string; readonly description: string; readonly required?: true }[];
  /** What the agent is to do, in the words of the person. */
  readonly say: (words: Words) => string;
}

const style = { name: 'style', description: 'How it should look: a named style, or words.' };
const model = { name: 'model', description: 'What draws: provider/model, or a provider. Default: as configured.' };

const own: readonly OwnPrompt[] = [
  {
    name: 'illustrate',
    title: 'Illustrate a text',
    description: 'Makes a picture that goes with a text.',
    arguments: [{ name: 'text', description: 'What the picture is to go with.', required: true }, style, model],
    say: ({ text = '', style, model }) =>
      [
        'Make one picture that goes with the text below. Choose its subject yourself, and describe it in plain words: what is seen,',
        'where, in which light. Put no writing into the picture unless the text asks for it.',
        `Call generate_image once with that as prompt${withWords({ style, model })}. If the picture is still being made, get_image brings it.`,
        `Then show me the picture, and say where the file is.\n\nThe text:\n${text}`,
      ].join('\n'),
  },
  {
    name: 'restyle',
    title: 'Give a picture another style',
    description: 'Makes a new picture with the same content in another style. The original stays.',
    arguments: [
      { name: 'picture', description: 'An id, a file name or a path; last = the newest picture.', required: true },
      { ...style, required: true },
      model,
    ],
    say: ({ picture = 'last', style, model }) =>
      [
        `Make a new picture from this one, with the same content in another style: ${picture}`,
        `Call edit_image once with images [${JSON.stringify(picture)}]${withWords({ style, model })}, and as prompt that subject, composition and`,
        'colours of things stay as they are. If the model cannot change pictures, list_models with operation "edit" names those that can.',
        'Then show me both, and say where the new file is.',
      ].join('\n'),
  },
  {
    name: 'compare_models',
    title: 'Compare models',
    description: 'Draws the same picture with several models, and compares them with their times and costs.',
    arguments: [
      { name: 'prompt', description: 'What to draw.', required: true },
      { name: 'models', description: 'Names, parted by commas. Default: two that can be used now.' },
    ],
    say: ({ prompt = '', models }) =>
      [
        `Draw the same picture with ${models?.trim() ? `each of these models: ${models}` : 'two models that can be used now (list_models with configured true)'}.`,
        'First call estimate_cost for each, and tell me what all of it costs; if any of it costs something, wait for my yes.',
        'Then call generate_image once per model, with the same prompt, seed and size. Do not repeat a call that failed: say why it failed.',
        `At the end show the pictures beside each other, with a table: model, time, cost, what is good and what is not.\n\nThe prompt:\n${prompt}`,
      ].join('\n'),
  },
];

/** ` and style "watercolor"`: the words that were given. */
function withWords(words: Words): string {
  const given = Object.entries(words).filter(([, value]) => value?.trim());
  return given.map(([name, value]) => `, ${name} ${JSON.stringify(value)}`).join('');
}

/** All prompts, in the order in which clients show them. */
export function listPrompts(): Prompt[] {
  return own.map(({ say: _, ...prompt }) => prompt);
}

/** Why a prompt cannot be given, for the client. */
export class PromptRefused extends Error {}

/** What a prompt says. Throws {@link PromptRefused} for a name of none, and for a missing or unknown argument. */
export function getPrompt(name: string, words: Words = {}): GetPromptResult {
  const prompt = own.find((one) => one.name === name);
  if (!prompt) throw new PromptRefused(`no prompt ${shown(name)}; there are: ${own.map((one) => one.name).join(', ')}`);
  const names = prompt.arguments.map((argument) => argument.name);
  const unknown = Object.keys(words).find((word) => !names.includes(word));
  if (unknown !== undefined)
    throw new PromptRefused(`${name} has no argument ${shown(unknown)}; it takes: ${names.join(', ')}`);
  const missing = prompt.arguments.find((argument) => argument.required && !words[argument.name]?.trim());
  if (missing) throw new PromptRefused(`${name} needs ${missing.name}: ${missing.description}`);
  return {
    ...(prompt.description !== undefined && { description: prompt.description }),
    messages: [{ role: 'user', content: { type: 'text', text: prompt.say(words) } }],
  };
}
