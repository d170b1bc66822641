import { editImage } from './edit-image.ts';
import { estimateCost } from './estimate-cost.ts';
import { generateImage } from './generate-image.ts';
import { getImage } from './get-image.ts';
import { listModels } from './list-models.ts';
import type { Tool } from './tool.ts';

/** All tools, in the order in which clients show them. */
export const tools: readonly Tool[] = [generateImage, editImage, getImage, listModels, estimateCost];
