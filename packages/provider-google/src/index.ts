export { models } from './capabilities.ts';
export { google } from './provider.ts';
