// The bodies of generateContent.

import {
  type InputImage,
  type Json,
  type ProviderCall,
  present,
  type TextQuestion,
  toBase64,
  unlessEmpty,
} from '@anyimage/core';

/** The categories whose threshold a caller may set. */
const harms = ['HARASSMENT', 'HATE_SPEECH', 'SEXUALLY_EXPLICIT', 'DANGEROUS_CONTENT'];

const searchTools: { readonly [grounding: string]: Json } = {
  web: [{ googleSearch: {} }],
  'web+image': [{ googleSearch: { searchTypes: { webSearch: {}, imageSearch: {} } } }],
};

/**
 * The body that makes or edits one picture; the order of the parts is the order of the references. Text is asked for
 * too, because it tells why there is no picture. There is no n, mask, negative prompt or size in px.
 */
export function toWire({ prompt, images, aspectRatio, resolution, seed, options }: ProviderCall) {
  const { thinkingLevel, grounding, safety } = options;
  return present({
    contents: [{ role: 'user', parts: [{ text: prompt }, ...images.map(toPart)] }],
    generationConfig: present({
      responseModalities: ['TEXT', 'IMAGE'],
      // Where the table has no resolutions imageSize is left out: those models refuse its presence.
      imageConfig: unlessEmpty(present({ aspectRatio, imageSize: resolution })),
      seed,
      thinkingConfig: thinkingLevel === undefined ? undefined : { thinkingLevel },
    }),
    safetySettings:
      safety === undefined
        ? undefined
        : harms.map((harm) => ({ category: `HARM_CATEGORY_${harm}`, threshold: safety })),
    tools: searchTools[String(grounding)],
  });
}

/** The body that asks a text model. `thinkingLevel`: absent = the model's own. */
export function textToWire({ system, user }: TextQuestion, thinkingLevel?: 'minimal') {
  return {
    systemInstruction: { parts: [{ text: system }] },
    contents: [{ role: 'user', parts: [{ text: user }] }],
    generationConfig: { maxOutputTokens: 4096, ...(thinkingLevel && { thinkingConfig: { thinkingLevel } }) },
  };
}

/** The table takes bytes only, so core fetches what is given as a URL; one that comes all the same is passed on. */
function toPart(image: InputImage) {
  if (image.as === 'url') return { fileData: { fileUri: image.url } };
  return { inlineData: { mimeType: image.mediaType, data: toBase64(image.bytes) } };
}
