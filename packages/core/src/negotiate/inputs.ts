// Input pictures and the mask, as far as they can be judged without decoding them. Nothing here may be adapted.

import type { Json, Limits } from '../contract/capabilities.ts';
import type { InputImage } from '../contract/provider.ts';
import { orientationOf } from '../verify/jpeg.ts';
import { hasAlpha } from '../verify/verify.ts';
import { lacks, type Session, standing } from './session.ts';

type ImageLimits = Exclude<Limits['images'], false | undefined>;
type Bytes = Extract<InputImage, { as: 'bytes' }>;

/** Checks how many pictures are given, and each of them. */
export function checkImages(session: Session): void {
  const { request, limits, operation, name } = session;
  const { images } = request;
  if (images.length > 0 && standing(session, 'images') === 'none') lacks(session, 'images', images.length);
  if (!limits.images) return;
  const [min, max] = limits.images.count;
  if (images.length < min) {
    const message = `${operation} needs ${min === 1 ? 'a picture' : `${min} pictures`}, ${images.length || 'none'} given`;
    refuse(
      session,
      'images',
      images.length,
      min,
      message,
      'Give the pictures to work on in images.',
      'invalid-request',
    );
  }
  if (images.length > max) {
    const message = `${name} takes at most ${max} ${max === 1 ? 'picture' : 'pictures'}, ${images.length} given`;
    refuse(session, 'images', images.length, max, message, `Give at most ${max}.`);
  }
  for (const [index, image] of images.entries()) checkImage(session, image, limits.images, `picture ${index + 1}`);
}

/** Checks the mask against the first picture, which it must cover. */
export function checkMask(session: Session): void {
  const { request, limits, operation } = session;
  const { mask } = request;
  if (mask) {
    if (standing(session, 'mask') === 'none') lacks(session, 'mask', 'a mask');
    else if (!isTaken(session, mask))
      refuseForm(session, 'mask', mask, limits.images ? limits.images.as : [], 'the mask');
    else fitMask(session, mask);
  } else if (operation === 'inpaint' && limits.mask) {
    const hint = 'Give a mask that is white where the picture is to be repainted.';
    refuse(session, 'mask', null, null, 'inpaint needs a mask', hint, 'invalid-request');
  }
}

function fitMask(session: Session, mask: InputImage): void {
  const [image] = session.request.images;
  if (!image || mask.as === 'url' || image.as === 'url') {
    unchecked(session, 'the mask or its picture');
  } else if (mask.width !== image.width || mask.height !== image.height) {
    const message = `the mask is ${sizeOf(mask)} px, its picture ${sizeOf(image)} px`;
    const hint = `Give a mask of ${sizeOf(image)} px.`;
    refuse(session, 'mask', sizeOf(mask), sizeOf(image), message, hint, 'invalid-request');
  }
  const most = session.limits.mask ? session.limits.mask.maxBytes : undefined;
  if (most !== undefined && mask.as === 'bytes') checkBytes(session, 'mask', 'the mask', mask, most);
}

function checkImage(session: Session, image: InputImage, limits: ImageLimits, which: string): void {
  if (!isTaken(session, image)) refuseForm(session, 'images', image, limits.as, which);
  else if (image.as === 'url') unchecked(session, which);
  else {
    checkPicture(session, image, limits, which);
    checkUpright(session, image, which);
  }
}

function checkPicture(session: Session, image: Bytes, limits: ImageLimits, which: string): void {
  const { name } = session;
  const { types, maxBytes, pixels, side, aspect } = limits;
  const { mediaType, width, height } = image;
  const area = width * height;
  const [short, long] = width < height ? [width, height] : [height, width];
  if (!types.includes(mediaType)) {
    const message = `${which} is ${mediaType}; ${name} takes ${types.join(', ')}`;
    refuse(session, 'images', mediaType, types, message, `Convert it to ${types[0]}.`);
  }
  if (maxBytes !== undefined) checkBytes(session, 'images', which, image, maxBytes);
  const shape = `${which} is ${sizeOf(image)} px; ${name} takes`;
  if (side && (short < side[0] || long > side[1])) {
    refuse(session, 'images', sizeOf(image), [...side], `${shape} sides of ${side[0]}–${side[1]} px`, 'Resize it.');
  }
  if (pixels && (area < pixels[0] || area > pixels[1])) {
    refuse(session, 'images', area, [...pixels], `${shape} ${pixels[0]}–${pixels[1]} px in all`, 'Resize it.');
  }
  if (aspect !== undefined && long > aspect * short) {
    refuse(session, 'images', sizeOf(image), aspect, `${shape} pictures of at most ${aspect}:1`, 'Crop it.');
  }
  if (limits.alpha === false && hasAlpha(image)) {
    const message = `${which} has an alpha channel, which ${name} does not take`;
    refuse(session, 'images', 'alpha', false, message, 'Save it without transparency.');
  }
}

/** With a codec, pictures stand upright before they come here. */
function checkUpright(session: Session, image: Bytes, which: string): void {
  const orientation = image.mediaType === 'image/jpeg' ? orientationOf(image.bytes) : 1;
  if (orientation === 1) return;
  const message = `${which} is stored turned (EXIF orientation ${orientation})`;
  const { images, mask } = session.request;
  if (mask && image === images[0]) {
    const hint = 'Save it upright, or give the client a codec (the apps have one).';
    refuse(session, 'images', orientation, 1, `${message}, so the mask may not lie on it`, hint, 'invalid-request');
  } else {
    const services = 'services do not all turn it upright';
    session.warnings.push({ code: 'unchecked', message: `${message} and sent as it is: ${services}` });
  }
}

/** Whether the model takes the picture in this form. */
function isTaken({ limits }: Session, image: InputImage): boolean {
  return !limits.images || limits.images.as.includes(image.as);
}

function refuseForm(
  session: Session,
  option: 'images' | 'mask',
  image: InputImage,
  allowed: Json,
  which: string,
): void {
  const [has, wants] = image.as === 'url' ? ['a URL', 'bytes or a file'] : ['bytes', 'a public URL'];
  const message = `${which} is ${has}, which ${session.name} does not take`;
  refuse(session, option, image.as, allowed, message, `Give it as ${wants}.`);
}

function unchecked(session: Session, which: string): void {
  session.warnings.push({ code: 'unchecked', message: `${which} is a URL: its type and size are not checked` });
}

function checkBytes(session: Session, option: 'images' | 'mask', which: string, { bytes }: Bytes, most: number): void {
  if (bytes.length <= most) return;
  const message = `${which} has ${bytes.length} bytes; ${session.name} takes at most ${most}`;
  refuse(session, option, bytes.length, most, message, 'Make it smaller, or save it with more compression.');
}

function refuse(
  session: Session,
  option: 'images' | 'mask',
  asked: Json,
  allowed: Json,
  message: string,
  hint: string,
  code: 'unsupported' | 'invalid-request' = 'unsupported',
): void {
  session.problems.push({ code, option, asked, allowed, message, hint });
}

function sizeOf({ width, height }: Bytes): string {
  return `${width}x${height}`;
}
