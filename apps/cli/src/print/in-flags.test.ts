import { expect, test } from 'vitest';
import { inFlags } from './in-flags.ts';

test.each([
  ['Use size: "1344x768", or ask with negotiation: "adapt".', 'Use --size 1344x768, or add --adapt.'],
  ['Use aspectRatio: "16:9" and resolution: "2K".', 'Use --aspect-ratio 16:9 and --resolution 2K.'],
  ['Use n: 4.', 'Use -n 4.'],
  ['Use style: "oil painting".', 'Use --style "oil painting".'],
  ['Use providerOptions.watermark: false.', 'Use --option watermark=false.'],
  ['Leave outputCompression out.', 'Leave --output-compression out.'],
  ['Leave providerOptions.time out.', 'Leave --option time out.'],
  ['Correct n and ask again; nothing was sent.', 'Correct -n and ask again; nothing was sent.'],
  ['Change providerOptions.time and ask again.', 'Change --option time and ask again.'],
  ['It is made: resume ticket t-7f3a9c to fetch it.', 'It is made: run anyimage jobs resume t-7f3a9c to fetch it.'],
  ['Give a timeout longer than 20 ms.', 'Give a --timeout longer than 20 ms.'],
  ['Choose another name, or allow that it is replaced.', 'Choose another name, or replace it with --force.'],
  [
    'Set PAINT_API_KEY (get one at https://paint.example), or use sketch.',
    'Store it with anyimage keys set PAINT_API_KEY, or set that variable (get one at https://paint.example), or use sketch.',
  ],
  ['Set HTTPS_PROXY to a URL.', 'Set HTTPS_PROXY to a URL.'],
  ['Say in the prompt what to draw.', 'Say in the prompt what to draw.'],
])('%s', (hint, shown) => {
  expect(inFlags(hint)).toBe(shown);
});
