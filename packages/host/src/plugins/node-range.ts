// Whether a plugin runs on this Node. Ranges of versions are as engines.node of a package.json has them: >=22.19.0, ^22 || >=24, 22.x, 20 - 24.

import { ImageError, quotedWord } from '@anyimage/core';

/** Why a package does not run on this Node. `range`: its engines.node. */
export function nodeProblem(
  range: string | undefined,
  name: string,
  node = process.versions.node,
): ImageError | undefined {
  if (range === undefined || isInRange(node, range)) return undefined;
  return new ImageError('config', `${quotedWord(name)} needs Node ${quotedWord(range)}, and this is ${node}`, {
    hint: 'Run anyimage with another Node, or update the plugin: anyimage plugins update.',
  });
}

type Version = readonly [major: number, minor: number, patch: number];

/** Whether a version is in a range. What is not read as a range holds every version: npm takes it for a warning, too. */
export function isInRange(version: string, range: string): boolean {
  const [own] = readVersion(version);
  if (!own) return true;
  const ways = range.split('||').map(readWay);
  return ways.some((bounds) => bounds === undefined || bounds.every(([least, below]) => isWithin(own, least, below)));
}

type Bounds = readonly [least: Version, below: Version];

const lowest: Version = [0, 0, 0];
const highest: Version = [Number.POSITIVE_INFINITY, 0, 0];

/** The bounds that must all hold; `undefined` for what is no range. */
function readWay(way: string): readonly Bounds[] | undefined {
  const text = way.trim().replace(/^(\S+)\s+-\s+(\S+)$/, '>=$1 <=$2');
  const parts = text.replaceAll(/([<>=^~]+)\s+/g, '$1').split(/\s+/);
  const bounds = parts.map(readBounds);
  return bounds.every((one) => one !== undefined) ? bounds : undefined;
}

function readBounds(part: string): Bounds | undefined {
  const [, sign = '', rest = ''] = /^([<>=^~]*)(.*)$/.exec(part)!;
  const [version, given] = readVersion(rest);
  if (!version) return undefined;
  const next = given === 0 ? highest : following(version, given);
  switch (sign) {
    case '>=':
      return [version, highest];
    case '>':
      return [given === 3 ? following(version, 3) : next, highest];
    case '<':
      return [lowest, version];
    case '<=':
      return [lowest, next];
    case '^':
      return [version, given === 0 ? highest : following(version, version[0] > 0 ? 1 : Math.min(given, 2))];
    case '~':
      return [version, given === 0 ? highest : following(version, Math.min(given, 2))];
    case '':
    case '=':
      return [version, next];
    default:
      return undefined;
  }
}

/** A version of which 0 to 3 numbers are given, and how many are. */
function readVersion(text: string): [version: Version | undefined, given: number] {
  const plain = text.replace(/^v/, '').replace(/[-+].*$/, '');
  if (!/^(?:(?:\d+|[xX*])(?:\.(?:\d+|[xX*])){0,2})?$/.test(plain)) return [undefined, 0];
  const all = plain === '' ? [] : plain.split('.');
  const open = all.findIndex((number) => !/^\d/.test(number));
  const numbers = (open < 0 ? all : all.slice(0, open)).map(Number);
  return [[numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0], numbers.length];
}

/** The first version after those that begin with the first `count` numbers. */
function following([major, minor, patch]: Version, count: number): Version {
  if (count === 1) return [major + 1, 0, 0];
  return count === 2 ? [major, minor + 1, 0] : [major, minor, patch + 1];
}

function isWithin(version: Version, least: Version, below: Version): boolean {
  return compare(version, least) >= 0 && compare(version, below) < 0;
}

function compare(one: Version, other: Version): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}
