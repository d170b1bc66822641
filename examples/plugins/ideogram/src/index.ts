export { models } from './capabilities.ts';
export { ideogram } from './provider.ts';
