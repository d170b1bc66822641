// Input pictures and the mask, as far as they can be judged without decoding them. Nothing here may be adapted.

import type { Json, Limits } from '../contract/capabilities.ts';
import type { InputBytes, InputImage } from '../contract/provider.ts';
import { orientationOf } from '../verify/jpeg.ts';
import { hasAlpha } from '../verify/verify.ts';
import { lacks, type Session, standing } from './session.ts';
import { formatSize } from './shape/size.ts';

type ImageLimits = Exclude<Limits['images'], false | undefined>;

/** A picture or the mask, and how messages call it. */
interface Input<Image extends InputImage = InputImage> {
  readonly option: 'images' | 'mask';
  /** `picture 1`, `the mask`. */
  readonly which: string;
  readonly image: Image;
}

/** Checks how many pictures are given, and each of them. */
export function checkImages(session: Session): void {
  const { request, limits } = session;
  const { images } = request;
  const option = 'images';
  if (images.length > 0 && standing(session, option) === 'none') lacks(session, option, images.length);
  if (!limits.images) return;
  checkCount(session, limits.images);
  for (const [index, image] of images.entries()) {
    checkImage(session, { option, which: `picture ${index + 1}`, image }, limits.images);
  }
}

function checkCount(session: Session, { count: [min, max] }: ImageLimits): void {
  const { request, operation, name, problems } = session;
  const { length } = request.images;
  const option = 'images';
  if (length < min) {
    const message = `${operation} needs ${min === 1 ? 'a picture' : `${min} pictures`}, ${length || 'none'} given`;
    const hint = 'Give the pictures to work on in images.';
    problems.push({ code: 'invalid-request', option, asked: length, allowed: min, message, hint });
  }
  if (length > max) {
    const message = `${name} takes at most ${max} ${max === 1 ? 'picture' : 'pictures'}, ${length} given`;
    problems.push({ option, asked: length, allowed: max, message, hint: `Give at most ${max}.` });
  }
}

/** Checks the mask against the first picture, which it must cover. */
export function checkMask(session: Session): void {
  const { request, limits, operation, problems } = session;
  const { mask } = request;
  const option = 'mask';
  if (mask) {
    const input = { option, which: 'the mask', image: mask } as const;
    if (standing(session, option) === 'none') lacks(session, option, 'a mask');
    else if (isTaken(session, mask)) fitMask(session, input);
    else refuseForm(session, input);
  } else if (operation === 'inpaint' && limits.mask) {
    const message = 'inpaint needs a mask';
    const hint = 'Give a mask that is white where the picture is to be repainted.';
    problems.push({ code: 'invalid-request', option, asked: null, allowed: null, message, hint });
  }
}

function fitMask(session: Session, input: Input): void {
  const { image: mask, option } = input;
  const [image] = session.request.images;
  if (!image || mask.as === 'url' || image.as === 'url') {
    warnUnchecked(session, 'the mask or its picture');
  } else if (mask.width !== image.width || mask.height !== image.height) {
    const [asked, allowed] = [formatSize(mask), formatSize(image)];
    const message = `the mask is ${asked} px, its picture ${allowed} px`;
    const hint = `Give a mask of ${allowed} px.`;
    session.problems.push({ code: 'invalid-request', option, asked, allowed, message, hint });
  }
  const { maxBytes } = session.limits.mask || {};
  if (mask.as === 'bytes') checkBytes(session, { ...input, image: mask }, maxBytes);
}

function checkImage(session: Session, input: Input, limits: ImageLimits): void {
  const { image, which } = input;
  if (!isTaken(session, image)) {
    refuseForm(session, input);
  } else if (image.as === 'url') {
    warnUnchecked(session, which);
  } else {
    const picture = { ...input, image };
    checkType(session, picture, limits);
    checkBytes(session, picture, limits.maxBytes);
    checkShape(session, picture, limits);
    checkAlpha(session, picture, limits);
    checkUpright(session, picture);
  }
}

function checkType(
  { name, problems }: Session,
  { option, which, image }: Input<InputBytes>,
  { types }: ImageLimits,
): void {
  const { mediaType } = image;
  if (types.includes(mediaType)) return;
  const message = `${which} is ${mediaType}; ${name} takes ${types.join(', ')}`;
  problems.push({ option, asked: mediaType, allowed: types, message, hint: `Convert it to ${types[0]}.` });
}

function checkBytes(
  { name, problems }: Session,
  { option, which, image }: Input<InputBytes>,
  most: number | undefined,
): void {
  const { length } = image.bytes;
  if (most === undefined || length <= most) return;
  const message = `${which} has ${length} bytes; ${name} takes at most ${most}`;
  const hint = 'Make it smaller, or save it with more compression.';
  problems.push({ option, asked: length, allowed: most, message, hint });
}

function checkShape(
  { name, problems }: Session,
  { option, which, image }: Input<InputBytes>,
  limits: ImageLimits,
): void {
  const { pixels, side, aspect } = limits;
  const size = formatSize(image);
  const area = image.width * image.height;
  const [short, long] = [Math.min(image.width, image.height), Math.max(image.width, image.height)];
  const takes = `${which} is ${size} px; ${name} takes`;
  if (side && (short < side[0] || long > side[1])) {
    const message = `${takes} sides of ${side[0]}–${side[1]} px`;
    problems.push({ option, asked: size, allowed: [...side], message, hint: 'Resize it.' });
  }
  if (pixels && (area < pixels[0] || area > pixels[1])) {
    const message = `${takes} ${pixels[0]}–${pixels[1]} px in all`;
    problems.push({ option, asked: area, allowed: [...pixels], message, hint: 'Resize it.' });
  }
  if (aspect !== undefined && long > aspect * short) {
    const message = `${takes} pictures of at most ${aspect}:1`;
    problems.push({ option, asked: size, allowed: aspect, message, hint: 'Crop it.' });
  }
}

function checkAlpha(
  { name, problems }: Session,
  { option, which, image }: Input<InputBytes>,
  { alpha }: ImageLimits,
): void {
  if (alpha !== false || !hasAlpha(image)) return;
  const message = `${which} has an alpha channel, which ${name} does not take`;
  problems.push({ option, asked: 'alpha', allowed: false, message, hint: 'Save it without transparency.' });
}

/** With a codec, pictures stand upright before they come here. */
function checkUpright({ request, problems, warnings }: Session, { option, which, image }: Input<InputBytes>): void {
  const orientation = image.mediaType === 'image/jpeg' ? orientationOf(image.bytes) : 1;
  if (orientation === 1) return;
  const turned = `${which} is stored turned (EXIF orientation ${orientation})`;
  if (request.mask && image === request.images[0]) {
    const message = `${turned}, so the mask may not lie on it`;
    const hint = 'Save it upright, or give the client a codec (the apps have one).';
    problems.push({ code: 'invalid-request', option, asked: orientation, allowed: 1, message, hint });
  } else {
    const message = `${turned} and sent as it is: services do not all turn it upright`;
    warnings.push({ code: 'unchecked', message });
  }
}

/** Whether the model takes the picture in this form. */
function isTaken({ limits }: Session, image: InputImage): boolean {
  return !limits.images || limits.images.as.includes(image.as);
}

function refuseForm({ limits, name, problems }: Session, { option, which, image }: Input): void {
  const allowed: Json = limits.images ? limits.images.as : [];
  const [has, wants] = image.as === 'url' ? ['a URL', 'bytes or a file'] : ['bytes', 'a public URL'];
  const message = `${which} is ${has}, which ${name} does not take`;
  problems.push({ option, asked: image.as, allowed, message, hint: `Give it as ${wants}.` });
}

function warnUnchecked({ warnings }: Session, which: string): void {
  warnings.push({ code: 'unchecked', message: `${which} is a URL: its type and size are not checked` });
}
