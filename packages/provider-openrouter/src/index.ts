export { models } from './capabilities.ts';
export { openrouter } from './provider.ts';
