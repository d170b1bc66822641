export type { S3Place } from './bucket.ts';
export { type S3PictureStore, type S3PictureStoreOptions, s3PictureStore } from './picture-store.ts';
export type { S3Picture } from './pictures.ts';
