// A mask in words, such as "rect 0,0,100%,40%": what is meant by it, in px and in a sentence. Pure: no picture is read.

import { ImageError, quotedWord, shortened } from '@anyimage/core';

/** px, or per cent of the side of the picture, or of its shorter side. */
interface Length {
  readonly value: number;
  readonly unit: 'px' | '%' | '% of the shorter side';
}

export type ShapeKind = 'rect' | 'ellipse' | 'polygon';

/** As it was written. The points of a rect are its upper left corner and its size, those of an ellipse its centre and its radii. */
export interface WrittenShape {
  readonly kind: ShapeKind;
  readonly points: readonly (readonly [x: Length, y: Length])[];
}

/** On a picture, in px from the upper left corner; the points as those of a {@link WrittenShape}. */
export interface Shape {
  readonly kind: ShapeKind;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Size {
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
}

const forms: Readonly<Record<ShapeKind, string>> = {
  rect: 'rect X,Y,W,H',
  ellipse: 'ellipse CX,CY,RX,RY',
  polygon: 'polygon X,Y X,Y X,Y',
};
const kinds: Readonly<Record<string, ShapeKind>> = {
  rect: 'rect',
  rectangle: 'rect',
  ellipse: 'ellipse',
  polygon: 'polygon',
};
/** A circle is an ellipse of one radius. */
const circle = /^\s*(?:the\s+)?circle(?:[\s:=(]|$)/i;
/** `top half`, `left 30%`. */
const band = /^\s*(?:the\s+)?(top|upper|bottom|lower|left|right)\s+(half|third|quarter|\d{1,3}(?:\.\d{1,3})?\s*%)\s*$/i;
const shares: Readonly<Record<string, number>> = { half: 50, third: 100 / 3, quarter: 25 };
/** Four numbers alone are a rect. */
const bare = /^[\s([]*[-+]?[\d.]+\s*(?:px|%)?(?:[\s,]+[-+]?[\d.]+\s*(?:px|%)?){3}[\s)\]]*$/i;
/** What only a model that sees could find. No table says of any model that it takes a mask in words. */
const seen: Readonly<Record<string, string>> = {
  sky: '"rect 0,0,100%,40%" for the upper 40 %',
  background: '"rect 0,0,100%,40%" for the upper 40 %',
  subject: '"ellipse 50%,55%,25%,35%" for what is in the middle',
  foreground: '"rect 0,60%,100%,40%" for the lower 40 %',
};
const example = 'such as "rect 0,0,100%,40%" for the upper 40 %';
const mostPoints = 2000;
/** Characters of shapes without a name. */
const mostBare = 400;

/**
 * Whether a text means a mask in words and not the file of one: it begins as a shape does, or names what is to be seen (`sky`). What
 * has a folder or the ending of a file in it is a file.
 */
export function isMaskShape(text: string): boolean {
  if (text.length <= mostBare && text.split(';').some((part) => bare.test(part) || band.test(part))) return true;
  if (circle.test(text) && !/[\\/]|\.[a-z]\w{1,4}\s*$/i.test(text)) return true;
  const word = /^\s*(?:the\s+)?([a-z]+)(?:[\s:=(]|$)/i.exec(text)?.[1]?.toLowerCase() ?? '';
  if (Object.hasOwn(seen, word)) return /^\s*(?:the\s+)?[a-z]+\s*$/i.test(text);
  return Object.hasOwn(kinds, word) && !/[\\/]|\.[a-z]\w{1,4}\s*$/i.test(text);
}

/** The shapes that a text names, several between `;`. Throws `invalid-request`, with what to write. */
export function readShapes(text: string): readonly WrittenShape[] {
  const parts = text.split(';').filter((part) => part.trim() !== '');
  const shapes = parts.map(readShape);
  const points = shapes.reduce((sum, shape) => sum + shape.points.length, 0);
  if (points <= mostPoints && shapes.length > 0) return shapes;
  throw refusedShape(
    text,
    `has ${points} points; from 1 to ${mostPoints} are taken`,
    `Give a simpler shape, ${example}.`,
  );
}

function readShape(given: string): WrittenShape {
  const [, side, far] = given.length <= mostBare ? (band.exec(given) ?? []) : [];
  if (side && far) return bandOf(side.toLowerCase(), far.toLowerCase());
  const text = given.length <= mostBare && bare.test(given) ? `rect ${given}` : given;
  if (circle.test(text)) return readCircle(text);
  const [, word = '', numbers = ''] = /^\s*(?:the\s+)?([a-z]*)\s*[:=]?(.*)$/is.exec(text) ?? [];
  const name = word.toLowerCase();
  if (Object.hasOwn(seen, name)) {
    const hint = `Give the area as a shape instead: ${seen[name]}.`;
    throw refusedShape(text, 'names what is on the picture, and no model here finds that by itself', hint);
  }
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (!kind) {
    const hint = `Write ${Object.values(forms).join(', or ')}: in px, or with % of the side; ${example}.`;
    throw refusedShape(text, 'is no shape', hint);
  }
  const hint = `Write ${forms[kind]}: in px, or with % of the side; ${example}.`;
  const lengths = lengthsIn(numbers);
  if (!lengths) throw refusedShape(text, 'has something in it that is no number', hint);
  const isComplete = kind === 'polygon' ? lengths.length >= 6 && lengths.length % 2 === 0 : lengths.length === 4;
  if (!isComplete) {
    const needed = kind === 'polygon' ? 'three or more pairs of numbers' : '4 numbers';
    throw refusedShape(
      text,
      `needs ${needed}, and has ${lengths.length} number${lengths.length === 1 ? '' : 's'}`,
      hint,
    );
  }
  const points = lengths.flatMap((x, index) => (index % 2 === 0 ? [[x, lengths[index + 1]!] as const] : []));
  const isEmpty = kind !== 'polygon' && points[1]!.some(({ value }) => value <= 0);
  if (isEmpty) throw refusedShape(text, 'has no area', hint);
  return { kind, points };
}

/** A part of the picture along a side of it. */
function bandOf(side: string, far: string): WrittenShape {
  const share = shares[far] ?? Number.parseFloat(far);
  const [isTop, isLower, isRight] = [/top|upper/, /bottom|lower/, /right/].map((sides) => sides.test(side));
  const isWide = isTop || isLower;
  const length = (value: number): Length => ({ value, unit: '%' });
  const corner = [length(isRight ? 100 - share : 0), length(isLower ? 100 - share : 0)] as const;
  return { kind: 'rect', points: [corner, [length(isWide ? 100 : share), length(isWide ? share : 100)]] };
}

function readCircle(text: string): WrittenShape {
  const lengths = lengthsIn(text.replace(/^[\s\w]*?circle[\s:=]*/i, ''));
  const [x, y, radius] = lengths ?? [];
  if (lengths?.length !== 3 || !x || !y || !radius || radius.value <= 0) {
    throw refusedShape(
      text,
      'is no circle',
      'Write circle CX,CY,R: in px, or with % of the side; such as "circle 50%,50%,25%".',
    );
  }
  const far: Length = radius.unit === '%' ? { ...radius, unit: '% of the shorter side' } : radius;
  return {
    kind: 'ellipse',
    points: [
      [x, y],
      [far, far],
    ],
  };
}

/** `undefined` if something else than numbers, px and % stands there. */
function lengthsIn(text: string): Length[] | undefined {
  const words =
    text
      .replace(/[()[\]]/g, ' ')
      .replace(/\s+(?=px|%)/gi, '')
      .match(/[^\s,]+/g) ?? [];
  const lengths = words.map((word) => /^([-+]?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9}))(px|%)?$/i.exec(word));
  if (lengths.includes(null)) return undefined;
  return lengths.map((found) => ({ value: Number(found![1]), unit: found![2] === '%' ? '%' : 'px' }));
}

/** The shape on a picture of this size. */
export function shapeOn({ kind, points }: WrittenShape, { width, height }: Size): Shape {
  const px = ({ value, unit }: Length, side: number) => {
    if (unit === 'px') return value;
    return (value / 100) * (unit === '%' ? side : Math.min(width, height));
  };
  return { kind, points: points.map(([x, y]) => [px(x, width), px(y, height)]) };
}

/** Whether no number of the shape is more than 1 and none has a unit: shares were meant, most likely. */
export function looksLikeShares({ points }: WrittenShape): boolean {
  return points.flat().every(({ value, unit }) => unit === 'px' && value <= 1);
}

/** What a shape covers, in words: `the upper 40 %: 0,0 to 1024,410 px`. */
export function shapeText({ kind, points }: Shape, size: Size): string {
  const { width, height } = size;
  const [[x, y], [w, h]] = points as [readonly [number, number], readonly [number, number]];
  if (kind === 'polygon') return `a polygon of ${points.length} corners`;
  if (kind === 'ellipse') return `an ellipse around ${round(x)},${round(y)} px, ${round(2 * w)}x${round(2 * h)} px`;
  const [left, top] = [Math.max(0, round(x)), Math.max(0, round(y))];
  const [right, bottom] = [Math.min(width, round(x + w)), Math.min(height, round(y + h))];
  const isWide = left === 0 && right === width;
  const isTall = top === 0 && bottom === height;
  const part =
    isWide && top === 0
      ? `the upper ${percent(bottom, height)}`
      : isWide && bottom === height
        ? `the lower ${percent(bottom - top, height)}`
        : isTall && left === 0
          ? `the left ${percent(right, width)}`
          : isTall && right === width
            ? `the right ${percent(right - left, width)}`
            : 'a rectangle';
  return `${part}: ${left},${top} to ${right},${bottom} px`;
}

/** `40 %`. */
export function percent(part: number, whole: number): string {
  const share = (part / whole) * 100;
  return share < 1 ? 'less than 1 %' : `${Math.min(99, Math.round(share))} %`;
}

/** A pixel belongs to what its centre lies in. */
function round(px: number): number {
  return Math.ceil(px - 0.5);
}

/** A mask in words that cannot be one. */
export function refusedShape(text: string, problem: string, hint: string): ImageError {
  const asked = shortened(text.trim(), 80);
  return new ImageError('invalid-request', `mask: ${quotedWord(text.trim(), 80)} ${problem}`, {
    details: { option: 'mask', asked },
    hint,
  });
}
