import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { providerCheck } from '../services/provider-check.ts';
import { providers } from '../services/providers.generated.ts';
import { keysAt, parseConfig } from './config-check.ts';
import { configJSONSchema } from './config-schema.ts';

const whole = {
  $schema: './config.schema.json',
  version: 1,
  model: ['cogview', 'sketch'],
  aliases: { quick: 'sketch', best: ['cogview/glm-image', 'cogview'] },
  styles: { ink: 'ink on paper, few lines' },
  output: '~/Pictures',
  budget: { currency: 'EUR', perDay: 2, allowUnknown: true, rates: { CNY: { rate: 0.12, date: '2026-11-20' } } },
  providers: {
    cogview: { region: 'international', baseURL: 'http://127.0.0.1:8080/v4' },
    'my-box': { kind: 'localai', baseURL: 'http://10.0.0.5:8080/v1', defaultModel: 'flux' },
    xai: { kind: 'xai' },
    siliconflow: { kind: 'siliconflow', region: 'international' },
    studio: {
      kind: 'openai',
      baseURL: 'https://img.example.com/v1',
      keyEnv: 'STUDIO_API_KEY',
      label: 'Studio',
      textModel: 'qwen3',
    },
  },
  allowNetworks: ['198.18.0.0/15', '::1'],
  proxy: 'http://proxy.example:8080',
};

const parse = (text: string) =>
  parseConfig(text, 'anyimage.json', providerCheck({ providers, isLeftOut: () => false }));

test('a config may hold all of this', async () => {
  expect(await parse(JSON.stringify(whole))).toEqual(whole);
  expect(await parse('\ufeff{}')).toEqual({});
});

test('plugins, which configs of earlier versions may name, are passed over', async () => {
  expect(await parse('{"plugins": ["anyimage-plugin"], "model": "sketch"}')).toEqual({ model: 'sketch' });
});

test('a kind that is meant by the id is filled in', async () => {
  const { providers: added } = await parse('{"providers": {"xai": {}, "cogview": {}, "localai": {"kind": "vllm"}}}');
  expect(added).toEqual({ xai: { kind: 'xai' }, cogview: {}, localai: { kind: 'vllm' } });
});

test.each([
  ['{\n  "modle": "sketch"\n}', 'anyimage.json:2: unknown key "modle"', /Did you mean model\?/],
  [
    '{\n  "budget": {\n    "currency": "EUR",\n    "perday": 2\n  }\n}',
    'anyimage.json:4: unknown key "budget.perday"',
    /Did you mean perDay\?/,
  ],
  ['{\n  "model": 7\n}', 'anyimage.json:2: model must be a model, or a list of models to try in order', /Correct/],
  ['{"budget": {"perDay": 2}}', 'anyimage.json:1: budget.currency is missing: it must be USD, CNY or EUR', /Set it/],
  [
    '{"budget": {"currency": "EUR", "perDay": -1}}',
    'anyimage.json:1: budget.perDay must be a number from 0 to 1000000000, such as 5',
    /./,
  ],
  [
    '{"budget": {"currency": "EUR", "perRun": 1e300}}',
    'anyimage.json:1: budget.perRun must be a number from 0 to 1000000000, such as 5',
    /./,
  ],
  [
    '{"budget": {"currency": "EUR", "perRun": 1e999}}',
    'anyimage.json:1: budget.perRun must be a number from 0 to 1000000000, such as 5',
    /./,
  ],
  [
    '{"budget": {"currency": "EUR", "rates": {"CNY": {"rate": 1e300, "date": "2026-11-20"}}}}',
    'anyimage.json:1: budget.rates.CNY.rate must be a number from 0.000001 to 1000000, such as 0.14',
    /./,
  ],
  ['{\n\n"providers": {\n"cogviw": {}}}', 'anyimage.json:4: unknown provider "cogviw"', /Did you mean cogview\?/],
  ['{"providers": {"cogview": {"region": "chin"}}}', 'no region "chin"', /china/],
  [
    '{"providers": {"cogview": {"baseURL": "http://me:pass@host/"}}}',
    'an http(s) URL without user name and password',
    /./,
  ],
  ['{"providers": {"cogview": {"apiKey": "secret"}}}', 'unknown key "providers.cogview.apiKey"', /baseURL, region/],
  ['{"allowNetworks": ["10.0.0.0/40"]}', 'allowNetworks.0 must be an address or range', /./],
  ['{"aliases": {"a/b": "sketch"}}', 'names of aliases are letters', /./],
  ['[]', 'the config must be an object', /./],
  ['{\n  "model": "sketch",\n}', 'anyimage.json:3: it is not JSON', /Correct the file/],
  ['', 'anyimage.json:1: it is not JSON', /./],
  [
    '{"providers": {\n"xia": {"keyEnv": "A"}}}',
    'anyimage.json:2: unknown provider "xia"',
    /^Did you mean xai\? There are: .*cogview.* A server of your own needs a kind \(openai, .*localai.*\): anyimage config set/,
  ],
  [
    '{"providers": {\n"my-box": {\n"kind": "locaai",\n"baseURL": "http://h/v1"}}}',
    'anyimage.json:3: unknown kind of server "locaai"',
    /Did you mean localai\?/,
  ],
  ['{"providers": {"my-box": {"kind": "toString"}}}', 'unknown kind of server "toString"', /There are: openai/],
  [
    '{"providers": {\n"my-box": {"kind": "openai"}}}',
    'anyimage.json:2: providers.my-box needs a baseURL',
    /Give both at once: anyimage config set providers\.my-box '\{"kind":"openai","baseURL":/,
  ],
  ['{"providers": {"xai": {"region": "globl"}}}', 'providers.xai has no region "globl"', /Did you mean global\?/],
  [
    '{"providers": {"siliconflow": {"baseURL": "http://h/v1",\n"region": "china"}}}',
    'anyimage.json:2: providers.siliconflow has no region "china"',
    /leave out one of the two/,
  ],
  ['{"providers": {"cogview": {"kind": "openai"}}}', 'providers.cogview.kind is for servers of your own', /another id/],
  ['{"providers": {"My_Box": {"kind": "xai"}}}', 'providers.My_Box is no id of a provider', /Correct/],
  [
    '{"providers": {\n"auto": {"kind": "xai"}}}',
    'anyimage.json:2: providers.auto is no id of a provider: -m auto is the automatic choice',
    /./,
  ],
  ['{"providers": {"stable-diffusion.cpp": {}}}', 'is no id of a provider: those are lower case letters', /./],
])('%j is refused with its line and what was meant', async (text, message, hint) => {
  await expect(parse(text)).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining(message),
    hint: expect.stringMatching(hint),
  });
});

test.each([
  ' ',
  '\t',
  '\n',
  '\u00a0',
  '\u2003',
  '\u0000',
  '\u001b',
  '\u00ad',
  '\u200b',
  '\u2060',
  '\ufeff',
  '\u3164',
  '\ud800',
])('a URL with white space or a character that is not seen is refused: %j', async (character) => {
  const urls = [
    `https://api.example${character}/v1`,
    `${character}https://api.example/v1`,
    `https://a.example/${character}`,
  ];
  for (const url of urls) {
    for (const config of [{ providers: { cogview: { baseURL: url } } }, { proxy: url }]) {
      const message = expect.stringContaining('white space and hidden characters');
      await expect(parse(JSON.stringify(config))).rejects.toMatchObject({ code: 'config', message });
    }
  }
});

test('without providers to compare with, those of a config are checked by their form alone', async () => {
  const form = (text: string) => parseConfig(text, 'anyimage.json');
  const part = { providers: { box: { baseURL: 'http://127.0.0.1:1/v1' }, cogview: { region: 'nowhere' }, xai: {} } };
  expect(await form(JSON.stringify(part))).toEqual(part);
  await expect(form('{"providers": {"box": {"apiKey": "test-key"}}}')).rejects.toMatchObject({
    message: 'anyimage.json:1: unknown key "providers.box.apiKey"',
  });
});

test.each(['defaultModel', 'label', 'keyEnv'])('%s of a known provider is refused', async (key) => {
  await expect(
    parse(`{"providers": {"openai": {"baseURL": "http://h/v1",\n"${key}": "STUDIO"}}}`),
  ).rejects.toMatchObject({
    message: `anyimage.json:2: providers.openai.${key} is for servers of your own, and openai is a known provider`,
    hint: expect.stringContaining('another id'),
  });
});

test.each(['test-key', 'constructor', '__proto__', '', 'A B', '1A', 'A\\n'])(
  'what is no name of a variable is refused, and not repeated: %j',
  async (name) => {
    await expect(parse(`{"providers": {"xai": {"keyEnv": "${name}"}}}`)).rejects.toMatchObject({
      message:
        'anyimage.json:1: providers.xai.keyEnv must be the name of a variable: capital letters, digits and _, a letter first',
      hint: expect.not.stringContaining('test-key'),
    });
  },
);

test('a config of a newer version is refused in one line, whatever else it holds', async () => {
  await expect(parse('{\n  "sealed": {},\n  "version": 2\n}')).rejects.toMatchObject({
    code: 'config',
    message: 'anyimage.json:3: this config is of version 2, for a newer anyimage; this one knows version 1',
    hint: 'Update anyimage.',
  });
  expect(await parse('{"version": 1, "model": "sketch"}')).toEqual({ version: 1, model: 'sketch' });
  await expect(parse('{"version": "1"}')).rejects.toMatchObject({ message: 'anyimage.json:1: version must be 1' });
});

test('keys are told for every part of a config', () => {
  expect(keysAt([])).toContain('allowNetworks');
  expect(keysAt(['providers', 'cogview'])).toEqual(expect.arrayContaining(['baseURL', 'region', 'kind', 'keyEnv']));
  expect(keysAt(['budget', 'rates', 'CNY'])).toEqual(['rate', 'date']);
});

// anyimage config schema > packages/host/config.schema.json makes it anew.
test('the published JSON Schema is that of the code', async () => {
  const published = JSON.parse(await readFile(new URL('../../config.schema.json', import.meta.url), 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(configJSONSchema())));
});
