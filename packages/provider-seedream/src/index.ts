export { models } from './capabilities.ts';
export { seedream } from './provider.ts';
