// Where the things of a prompt stand: the first in the focus, the others around it; far ones smaller and paler.

import type { SubjectId } from '../data/subjects.ts';
import type { Reading, Subject } from '../read/reading.ts';
import { mix } from './brush/colour.ts';
import type { Random } from './brush/random.ts';
import { ellipse, group, num, path, place } from './brush/svg.ts';
import { bankReach } from './ground/land.ts';
import { hillTop } from './ground/meadow.ts';
import { inRows, isAnyHidden, type Plot, type Spot } from './rows.ts';
import { hexOf, type Stage } from './stage.ts';
import { things } from './things/index.ts';
import type { Thing } from './things/thing.ts';

interface Member {
  readonly subject: Subject;
  readonly thing: Thing;
  readonly spot: Spot;
}

/** From this number on, things that hide each other stand in rows instead, so that they can be counted. */
const rowsFrom = 3;

/** Whether anything of the prompt stands there. */
export function has(reading: Reading, where: Thing['place']): boolean {
  return reading.subjects.some(({ id }) => things[id]?.place === where);
}

/** How many of a thing the prompt asks for by number, in all colours. */
function numberOf({ subjects }: Reading, id: SubjectId): number {
  return subjects.reduce((sum, { id: other, count }) => sum + (other === id ? (count ?? 0) : 0), 0);
}

/**
 * The things that stand in one place, far ones first. `top` is where the ground for them begins; `aside` keeps them away from
 * the focus, because a bank lies there.
 */
export function cast(stage: Stage, reading: Reading, where: Thing['place'], top: number, aside = false): string {
  const random = stage.random.branch();
  const opposite: Stage = { ...stage, focus: stage.width * (stage.focus < stage.width / 2 ? 0.8 : 0.2) };
  const members: Member[] = [];
  const wanted = reading.subjects.flatMap((subject) => {
    const thing = things[subject.id];
    return thing?.place === where ? [{ subject, thing }] : [];
  });
  for (const [rank, { subject, thing }] of wanted.entries()) {
    // One thing alone is what the picture is about.
    const alone = wanted.length === 1 && !subject.plural && !subject.count && !thing.usual ? 1.25 : 1;
    const count = subject.count ?? Math.max(subject.plural ? 3 : 1, thing.usual ?? 1);
    for (let index = 0; index < count; index++) {
      members.push({
        subject,
        thing,
        spot: spotFor(aside ? opposite : stage, random, thing, top, rank, index, (subject.scale ?? 1) * alone),
      });
    }
  }
  const isCounted = wanted.some(({ subject: { id } }) => numberOf(reading, id) >= rowsFrom);
  const spots =
    isCounted && isAnyHidden(members.map(({ thing, spot }) => ({ ...spot, half: thing.half })))
      ? inRows(
          members.map(({ subject, thing }) => ({
            half: thing.half,
            scale: usualScale(stage, thing, top) * (subject.scale ?? 1),
          })),
          plotFor(stage, reading, where, top, aside),
          random,
        )
      : [];
  return members
    .map((member, index) => ({ ...member, spot: spots[index] ?? member.spot }))
    .toSorted((a, b) => a.spot.y - b.spot.y)
    .map((member) => put(stage, random, member))
    .join('');
}

/** The things of a prompt side by side, as large as the sheet allows, with nothing around them. */
export function lineUp(stage: Stage, reading: Reading): string {
  const random = stage.random.branch();
  const members = reading.subjects.flatMap((subject) => {
    const thing = things[subject.id];
    const count = subject.count ?? (subject.plural ? 2 : 1);
    return thing ? Array.from({ length: count }, () => ({ subject, thing })) : [];
  });
  const cell = stage.width / members.length;
  return members
    .map(({ subject, thing }, index) => {
      const scale =
        Math.min((stage.height * 0.88) / 112, (cell * 0.92) / (2 * thing.half)) * Math.min(1, subject.scale ?? 1);
      const x = cell * (index + 0.5);
      const y = thing.place === 'air' ? stage.height / 2 + scale * 52 : stage.height * 0.95;
      const [colour, accent] = [hexOf(subject.colour), hexOf(subject.accent)];
      const drawn = thing.draw({
        stage,
        random: random.branch(),
        ...(colour && { colour }),
        ...(accent && { accent }),
      });
      return group(drawn, { transform: place(x, y, scale) });
    })
    .join('');
}

function spotFor(
  stage: Stage,
  random: Random,
  thing: Thing,
  top: number,
  rank: number,
  index: number,
  wish: number,
): Spot {
  const { width, height, horizon, focus } = stage;
  const deep = height - top;
  const crowd = index === 0 ? 1 : random.between(0.5, 0.8);
  const share = (rank === 0 ? 1 : 0.82) * (stage.ground === 'space' && thing.place === 'air' ? 1.5 : 1);
  const room = roomFor(stage, thing, top);
  const scale = (thing.tall / 100) * wish * crowd * share * room;
  const half = thing.half * scale;
  const onBank = thing.place === 'land' && stage.ground === 'water';
  const shore = focus < width / 2 ? -1 : 1;
  const spread =
    index === 0
      ? 0
      : (index % 2 ? 1 : -1) *
        Math.ceil(index / 2) *
        Math.min(width * 0.34, half * 2.1 + 60) *
        random.between(0.8, 1.15);
  const beside =
    rank === 0
      ? 0
      : (rank % 2 ? 1 : -1) * (focus < width / 2 ? 1 : -1) * Math.ceil(rank / 2) * Math.min(width * 0.27, 270);
  // On a bank everything stands towards the edge of the sheet: the other way is water.
  const moved = onBank ? shore * (Math.abs(spread) * 0.7 + Math.abs(beside) * 0.8) : beside + spread;
  const x = Math.min(width - half - 12, Math.max(half + 12, focus + moved));
  if (thing.place === 'air') {
    const y = horizon * (thing.tall > 100 ? 0.62 : 0.46) - (index ? random.between(-0.1, 0.26) * horizon : 0);
    return { x, y: Math.max(scale * 112, y), scale };
  }
  const summit = hillTop(stage);
  if (summit && rank === 0 && index === 0) return { x: summit[0], y: summit[1] + 16, scale: scale * 0.85 };
  const near = onBank
    ? random.between(0.05, 0.08)
    : thing.place === 'water'
      ? random.between(0.36, 0.46)
      : random.between(0.36, 0.48);
  const back = index === 0 ? near : near * random.between(0.25, 0.8);
  return { x, y: top + deep * (rank % 2 ? back * 0.7 : back), scale };
}

/** A share of its usual size: things keep clear of the edges and fit between the top of the sheet and the ground. */
function roomFor({ width, height, horizon }: Stage, thing: Thing, top: number): number {
  return Math.min(
    1,
    (thing.place === 'air' ? horizon * 0.75 : top + (height - top) * 0.3 - 30) / thing.tall,
    (width * 0.8) / ((thing.half * 2 * thing.tall) / 100),
  );
}

function usualScale(stage: Stage, thing: Thing, top: number): number {
  return (thing.tall / 100) * roomFor(stage, thing, top);
}

/** Where rows of things may stand; `aside` keeps them away from the bank. */
function plotFor(stage: Stage, reading: Reading, where: Thing['place'], top: number, aside: boolean): Plot {
  const { width, height, horizon, ground, focus } = stage;
  const deep = height - top;
  const [left, right] = [12, width - 12];
  if (where === 'air') {
    const low = ground === 'space' ? height : horizon;
    return { left, right, far: low * 0.3, near: low * 0.8 };
  }
  const onBank = where === 'land' && ground === 'water';
  if (!onBank && !aside) return { left, right, far: top + deep * 0.12, near: top + deep * 0.5 };
  const reach = bankReach(stage, has(reading, 'water'));
  const isLeft = focus < width / 2 === onBank;
  const wide = onBank ? reach * 0.85 : width - reach;
  const sides = isLeft ? { left, right: wide } : { left: width - wide, right };
  const end = onBank ? Math.min(deep, 250) * 0.4 : deep * 0.55;
  return { ...sides, far: top + end * 0.2, near: top + end };
}

function put(stage: Stage, random: Random, { subject, thing, spot }: Member): string {
  const { horizon, height, palette, weather } = stage;
  const near = Math.max(0, (spot.y - horizon) / (height - horizon));
  const veil = (thing.place === 'air' ? 0.08 : 0.16 * (1 - near)) + (weather === 'fog' ? 0.22 : 0);
  const light = (hex: string | undefined) => hex && mix(stage.lit(hex), palette.haze, veil);
  const [colour, accent] = [light(hexOf(subject.colour)), light(hexOf(subject.accent))];
  const mirrored =
    thing.place !== 'air' && random.chance(0.5) && subject.id !== ('lighthouse' satisfies SubjectId) ? -1 : 1;
  const drawn = thing.draw({ stage, random: random.branch(), ...(colour && { colour }), ...(accent && { accent }) });
  const upright = group(drawn, { transform: place(spot.x, spot.y, spot.scale * mirrored, spot.scale) });
  if (thing.place === 'land') return shadow(stage, spot, thing) + upright;
  if (thing.place === 'air') return upright;
  const reflection = group(drawn, {
    transform: place(spot.x, spot.y, spot.scale * mirrored, -spot.scale * 0.8),
    opacity: 0.36,
  });
  return reflection + glints(stage, random, spot, thing) + upright;
}

/** What the thing keeps from the light. */
function shadow({ disc, palette, definitions }: Stage, { x, y, scale }: Spot, thing: Thing): string {
  const reach = thing.half * scale;
  const fill = definitions.radial([
    [0, palette.shade, 0.5],
    [0.6, palette.shade, 0.3],
    [1, palette.shade, 0],
  ]);
  const lean = Math.max(-0.5, Math.min(0.5, (x - disc.x) / 900)) * reach;
  return ellipse(x + lean, y + reach * 0.03, reach * 1.25, { fill }, Math.max(5, reach * 0.2));
}

/** Ripples that break the mirrored picture. */
function glints({ palette }: Stage, random: Random, { x, y, scale }: Spot, thing: Thing): string {
  let strokes = '';
  const reach = thing.half * scale;
  for (let index = 0; index < 26; index++) {
    const down = random.fraction();
    const length = random.between(0.3, 1.1) * reach * (1 - down * 0.4);
    const at = x + random.between(-0.9, 0.7) * reach;
    strokes += `M${num(at)} ${num(y + 4 + down * 70 * scale)}q${num(length / 2)} ${num(-1.2 - scale)} ${num(length)} 0q${num(-length / 2)} ${num(1.2 + scale)} ${num(-length)} 0z`;
  }
  return path(strokes, { fill: palette.water[0], opacity: 0.32 });
}
