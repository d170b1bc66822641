import { editImage } from './edit-image.ts';
import { estimateCost } from './estimate-cost.ts';
import { generateImage } from './generate-image.ts';
import { getImage } from './get-image.ts';
import { listModels } from './list-models.ts';
import type { Tool } from './tool.ts';

/** All tools, in the order in which clients show them. */
export const tools: readonly Tool[] = [generateImage, editImage, getImage, listModels, estimateCost];

/** What an agent is told of them together. */
export const instructions =
  'Makes and edits pictures with the image services set up on this machine. Pictures are files; answers show a small preview. ' +
  'If a picture is still being made, or a call timed out, use get_image and never generate again: that would be billed again.';
