// The composition, from back to front.

import type { Season, Time, Weather } from '../data/moments.ts';
import type { Reading } from '../read/reading.ts';
import { Random } from './brush/random.ts';
import { group, num } from './brush/svg.ts';
import { cast, has, lineUp } from './cast.ts';
import { grain, vignette } from './finish.ts';
import { abstract } from './ground/abstract.ts';
import { bank, land } from './ground/land.ts';
import { ridges } from './ground/ridges.ts';
import { sky } from './ground/sky.ts';
import { moonGround, space } from './ground/space.ts';
import { water } from './ground/water.ts';
import { lightning, weather } from './ground/weather.ts';
import { portrait } from './portrait.ts';
import { setStage, type Wishes } from './set-stage.ts';
import type { Ground, Stage } from './stage.ts';
import { isPerson } from './things/index.ts';

/** A picture as SVG, and what was chosen where the prompt left it open. */
export interface Scene {
  readonly svg: string;
  readonly time: Time;
  readonly weather: Weather;
  readonly season: Season;
  readonly ground: Ground;
}

/** What makes a picture: the same order gives the same picture. */
export interface SceneOrder extends Wishes {
  readonly prompt: string;
  readonly reading: Reading;
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
  readonly seed: number;
  /** Default true. */
  readonly grain?: boolean;
}

/** Units of the shorter side of the sheet. */
const shorterSide = 1000;

/** Composes a scene that follows the prompt. */
export function composeScene(order: SceneOrder): Scene {
  const { reading } = order;
  const { stage, pixel } = stageFor(order);
  const layers = [backdrop(stage, reading), portrait(stage, reading), weather(stage)];
  if (!stage.style.plain) {
    layers.push(vignette(stage));
    if (order.grain ?? true) layers.push(grain(stage, pixel));
  }
  const { time, season, ground } = stage;
  return { svg: sheet(order, stage, layers), time, weather: stage.weather, season, ground };
}

/** Only the things and the weather that the prompt names, with nothing behind them: to lay over a picture. */
export function composeOverlay(order: SceneOrder): string {
  const { reading } = order;
  const { stage } = stageFor(order);
  const layers = (['water', 'land', 'air'] as const).map((where) => cast(stage, reading, where, stage.horizon));
  return sheet(order, stage, [...layers, portrait(stage, reading), reading.weather ? weather(stage) : '']);
}

/** Only the things that the prompt names, filling the sheet: to put into a part of a picture. */
export function composeLineUp(order: SceneOrder): string {
  const { stage } = stageFor(order);
  return sheet(order, stage, [lineUp(stage, order.reading), portrait(stage, order.reading)]);
}

function stageFor(order: SceneOrder): { stage: Stage; pixel: number } {
  const pixel = shorterSide / Math.min(order.width, order.height);
  const random = Random.of(order.prompt.trim().toLowerCase(), order.seed);
  return { stage: setStage(order.reading, order, order.width * pixel, order.height * pixel, random), pixel };
}

/** Everything but the person in front and what falls from the sky. */
function backdrop(stage: Stage, reading: Reading): string {
  if (stage.ground === 'abstract') return abstract(stage, reading.mood, reading.subjects.some(isPerson));
  if (stage.ground === 'space') return spaceScene(stage, reading);
  const [standsOnLand, floats] = [has(reading, 'land'), has(reading, 'water')];
  const behind = group(sky(stage) + lightning(stage) + ridges(stage), { id: 'behind' });
  const air = cast(stage, reading, 'air', 0);
  if (stage.ground !== 'water') return behind + air + land(stage) + cast(stage, reading, 'land', stage.horizon);
  const layers = [behind, air, water(stage, 'behind')];
  if (standsOnLand) {
    const { drawn, top } = bank(stage, floats);
    layers.push(drawn, cast(stage, reading, 'land', top));
  }
  layers.push(cast(stage, reading, 'water', stage.horizon, standsOnLand));
  return layers.join('');
}

function spaceScene(stage: Stage, reading: Reading): string {
  const grounded = has(reading, 'land') || has(reading, 'water');
  const surface = grounded ? moonGround(stage) : '';
  const top = stage.horizon + 30;
  return [
    space(stage),
    cast(stage, reading, 'air', 0),
    surface,
    cast(stage, reading, 'land', top),
    cast(stage, reading, 'water', top),
  ].join('');
}

function sheet(order: SceneOrder, { width, height, definitions }: Stage, layers: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${order.width}" height="${order.height}" viewBox="0 0 ${num(width)} ${num(height)}">${definitions}${layers.join('')}</svg>`;
}
