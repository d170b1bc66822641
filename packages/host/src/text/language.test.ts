import { expect, test } from 'vitest';
import { detectLanguage } from './language.ts';

test.each([
  ['ein rotes Boot am Meer', 'de'],
  ['Ein Papierboot bei Sonnenaufgang', 'de'],
  ['un bateau rouge sur la mer', 'fr'],
  ['un barco rojo en el mar', 'es'],
  ['een rode boot op zee', 'nl'],
  ['красная лодка на закате', 'ru'],
  ['一只黑猫', 'zh'],
  ['海辺の猫', 'ja'],
  ['고양이', 'ko'],
])('%j is %s', async (prompt, language) => {
  expect(await detectLanguage(prompt)).toBe(language);
});

test.each([
  ['a paper boat at dawn'],
  ['a red sailboat at sunset'],
  ['neon city, rain'],
  ['HELLO poster'],
  ['Berlin skyline'],
  ['café in Paris at night'],
  ['logo for a bakery named La Panadería'],
  ['a sign that says "Bitte nicht stören"'],
  ['minimalist vector icon rocket'],
  ['Katze'],
  ['8k'],
  [''],
])('%j is not taken for another language than English', async (prompt) => {
  expect([undefined, 'en']).toContain(await detectLanguage(prompt));
});
