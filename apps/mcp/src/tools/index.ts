import { editImage } from './edit-image.ts';
import { generateImage } from './generate-image.ts';
import { getImage } from './get-image.ts';
import { listModels } from './list-models.ts';
import type { Operation } from './operation.ts';

/** All operations, in the order in which clients show them. */
export const operations: readonly Operation[] = [generateImage, editImage, getImage, listModels];
