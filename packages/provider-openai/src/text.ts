// The server's language model, with which core translates and rewrites prompts.

import { fromChat, ImageError, type TextApi, toChat } from '@anyimage/core';
import { send } from './send.ts';

/** Which models there are changes too often for a default: without a name it throws `config`. */
export const text = {
  async write(question, context) {
    const { textModel } = context;
    if (!textModel) {
      throw new ImageError('config', 'no language model of this service is named', {
        hint: 'Name one as textModel in the settings of the provider.',
      });
    }
    const json = toChat(textModel, question);
    const { body } = await send(context, { to: 'chat/completions', json, spends: true });
    return fromChat(body);
  },
} satisfies TextApi;
