export { models } from './capabilities.ts';
export { paintBox } from './provider.ts';
