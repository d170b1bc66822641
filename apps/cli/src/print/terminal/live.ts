// Rows at the end of a terminal that move while work goes on. What anybody prints meanwhile appears above them.

import { cut, width } from './wrap.ts';

/** What a drawing of the rows may go by. */
export interface Frame {
  /** Since the rows were begun, ms. */
  readonly elapsedMs: number;
  /** Of the terminal at this moment. A row that is wider is cut. */
  readonly columns: number;
  /** How many rows are shown at most; the last ones of more are left out. */
  readonly rows: number;
  /** One sign that turns. */
  readonly spinner: string;
}

export interface Live {
  /** Takes the rows away and leaves the terminal as it was; again does nothing. */
  stop(): void;
}

/** A picture below the rows. Another one is another object. */
export interface Below {
  /** What draws it from the start of a line on, and never scrolls if there is room for its lines. */
  readonly text: string;
  /** Lines that it takes. */
  readonly rows: number;
  /** Letters that it is wide. */
  readonly columns: number;
  /** What takes it away, where clearing its lines does not. */
  readonly remove?: string;
}

export interface LiveOptions {
  /** ms; default `performance.now`. */
  readonly now?: () => number;
  /** What stands below the rows at this moment, in the room that they leave. It is drawn anew only if it is another one. */
  readonly below?: (room: { readonly columns: number; readonly rows: number }) => Below | undefined;
}

const frameMs = 100;
/** Lines of a terminal that the rows leave to what was there before. */
const linesLeft = 2;
const silent: Live = { stop() {} };

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
/** Terminals that know it show what comes between at once, the others pass over it. */
const together = ['\u001b[?2026h', '\u001b[?2026l'] as const;
/** A row that the terminal takes for wider than we do goes over no line. */
const unwrapped = ['\u001b[?7l', '\u001b[?7h'] as const;
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';
const [saveCursor, restoreCursor] = ['\u001b7', '\u001b8'];

let isLive = false;

/**
 * Shows what `rowsOf` returns at the end of a terminal, ten times a second, until `stop`. Elsewhere, on a terminal that cannot move its
 * cursor, and while other rows are live, it is silent. Rows fit the window and follow its size. While they are live, whatever
 * this process writes to stdout and stderr stands above them, whole lines at a time. The cursor stays at the end of the rows. The end of the process by a signal or an
 * exit, and a stop by Ctrl-Z, leave no row and a cursor that is seen.
 *
 *     const live = startLive(process.stderr, ({ spinner }) => [`${spinner} ${done} of ${total}`]);
 *     try { … } finally { live.stop(); }
 */
export function startLive(
  stream: NodeJS.WriteStream,
  rowsOf: (frame: Frame) => readonly string[],
  { now = () => performance.now(), below: belowOf }: LiveOptions = {},
): Live {
  if (!stream.isTTY || process.env.TERM === 'dumb' || isLive) return silent;
  isLive = true;
  const started = now();
  const write = stream.write.bind(stream);
  let shown: readonly string[] = [];
  let shownBelow: Below | undefined;
  let shownColumns = 0;
  let isHeld = false;

  /** Goes to the start of the first row. A window that became narrower has broken the rows into more lines. */
  const toTop = () => {
    const lines = shown.reduce((sum, row) => sum + Math.max(1, Math.ceil(width(row) / columnsNow(stream))), 0);
    return lines > 1 ? `\r\u001b[${lines - 1}A` : '\r';
  };
  const clearAll = () => `${toTop()}${shownBelow?.remove ?? ''}${clearBelow}`;
  const erase = () => {
    if (shown.length > 0) write(clearAll());
    shown = [];
    shownBelow = undefined;
  };
  const draw = () => {
    if (isHeld) return;
    const columns = columnsNow(stream);
    const rows = Math.max(1, (stream.rows ?? 24) - linesLeft);
    const elapsedMs = now() - started;
    const next = rowsOf({ elapsedMs, columns, rows, spinner: spinnerAt(elapsedMs) }).slice(0, rows);
    const lines = next.map((row) => cut(row, columns));
    const below = belowOf?.({ columns, rows: rows - lines.length });
    const inPlace = isAlike(below, shownBelow) && shownColumns === columns && lines.length === shown.length;
    const start = shownBelow && !inPlace ? clearAll() : toTop();
    const end = inPlace ? '' : clearBelow;
    const text = lines.map((line) => line + clearLine).join('\r\n') + end;
    const picture = below && !(inPlace && below === shownBelow) ? drawBelow(below, width(lines.at(-1) ?? '')) : '';
    write(`${together[0]}${unwrapped[0]}${start}${text}${picture}${unwrapped[1]}${together[1]}`);
    shown = lines;
    shownBelow = below;
    shownColumns = columns;
  };
  const hold = (held: boolean) => {
    isHeld = held;
  };
  const others = new Set([stream, process.stdout, process.stderr]);
  const letGo = [...others].filter(({ isTTY }) => isTTY).map((other) => aside(other, erase, draw, hold));
  const pause = () => {
    erase();
    write(showCursor);
    process.kill(process.pid, 'SIGSTOP');
  };
  const goOn = () => {
    write(hideCursor);
    draw();
  };
  const timer = setInterval(draw, frameMs);
  timer.unref();
  const stop = () => {
    if (!isLive) return;
    isLive = false;
    clearInterval(timer);
    for (const free of letGo) free();
    stream.off('resize', draw);
    process.off('exit', stop).off('SIGTSTP', pause).off('SIGCONT', goOn);
    erase();
    write(showCursor);
  };
  stream.on('resize', draw);
  process.on('exit', stop).on('SIGTSTP', pause).on('SIGCONT', goOn);
  goOn();
  return { stop };
}

/** Whether one takes exactly the place of the other, and need not make way for it. */
function isAlike(one: Below | undefined, other: Below | undefined): boolean {
  return one !== undefined && one.rows === other?.rows && one.columns === other.columns;
}

/**
 * Makes room first: whatever draws it does not scroll then. One line more is for what goes on to the line below it. `column`: where the row
 * above ends, and the cursor stays: where the window becomes narrower, it moves with that.
 */
function drawBelow({ text, rows }: Below, column: number): string {
  const room = `${'\r\n'.repeat(rows + 1)}\u001b[${rows + 1}A${column > 0 ? `\u001b[${column}C` : ''}`;
  return `${room}${saveCursor}\r\n${text.replace(/\r?\n/g, '\r\n')}${restoreCursor}`;
}

/** Makes way for what others write to a stream: the rows come back once its line has ended. Returns what undoes that. */
function aside(
  stream: NodeJS.WriteStream,
  erase: () => void,
  draw: () => void,
  hold: (isHeld: boolean) => void,
): () => void {
  const before = stream.write;
  stream.write = ((...args: Parameters<typeof before>) => {
    erase();
    const written = before.apply(stream, args);
    const [text] = args as readonly unknown[];
    hold(typeof text === 'string' ? text !== '' && !text.endsWith('\n') : !endsLine(text));
    draw();
    return written;
  }) as typeof before;
  return () => {
    stream.write = before;
  };
}

function endsLine(bytes: unknown): boolean {
  return bytes instanceof Uint8Array && bytes.at(-1) === 10;
}

function columnsNow(stream: NodeJS.WriteStream): number {
  return stream.columns || 80;
}

const dots = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const strokes = '-\\|/';

function spinnerAt(elapsedMs: number): string {
  const signs = hasManySigns() ? dots : strokes;
  return signs[Math.floor(elapsedMs / frameMs) % signs.length]!;
}

/** Whether the font of the terminal has more than letters, as far as one can tell: the consoles of old Windows and of Linux itself have not. */
export function hasManySigns({ env, platform }: Pick<NodeJS.Process, 'env' | 'platform'> = process): boolean {
  if (env.TERM === 'linux') return false;
  return platform !== 'win32' || !!(env.WT_SESSION || env.TERM_PROGRAM || env.TERM?.startsWith('xterm'));
}
