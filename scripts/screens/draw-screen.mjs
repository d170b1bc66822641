// What a terminal shows, as a picture: the signs are read by a terminal emulator, and drawn in cells.
import { createRequire } from 'node:module';

/** What the command line depends on. */
const manifest = new URL('../../apps/cli/package.json', import.meta.url);
const { Terminal } = createRequire(manifest)('@xterm/headless');
const { Resvg } = createRequire(manifest)('@resvg/resvg-js');
const sharp = createRequire(manifest)('sharp');

const cell = { width: 9, height: 19 };
const margin = 12;
const background = '#1b1d23';
const foreground = '#d8dbe2';
const families = 'DejaVu Sans Mono, Noto Sans Mono, Noto Sans CJK SC, WenQuanYi Micro Hei Mono, DejaVu Sans, monospace';
/** The 16 colours that a terminal has for itself. */
const own = [
  '#2e323b',
  '#f07178',
  '#9cd67a',
  '#f2c66d',
  '#72a7f2',
  '#c792ea',
  '#6fd3d9',
  '#d8dbe2',
  '#6b7080',
  '#ff8b92',
  '#b5e890',
  '#ffd98a',
  '#90bcff',
  '#dcb0f7',
  '#8ee6eb',
  '#ffffff',
];
const steps = [0, 95, 135, 175, 215, 255];
const most = 128;

/** `shown`: as tmux captures it with its colours. */
export async function drawScreen(shown, { columns, rows }) {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  const text = shown.replace(/\n$/, '');
  await new Promise((done) => terminal.write(text, done));
  const cells = Array.from({ length: rows }, (_, y) => rowOf(terminal, y, columns));
  const width = columns * cell.width + 2 * margin;
  const height = rows * cell.height + 2 * margin;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" shape-rendering="crispEdges">
<rect width="100%" height="100%" rx="8" fill="${background}"/>
<g transform="translate(${margin} ${margin})" font-family="${families}" font-size="15" xml:space="preserve">${cells.flat().map(drawn).join('')}</g></svg>`;
  const fonts = process.env.SCREEN_FONT ? { fontFiles: [process.env.SCREEN_FONT] } : {};
  const rendered = new Resvg(svg, { font: { loadSystemFonts: true, ...fonts } }).render().asPng();
  const png = await sharp(rendered).png({ palette: true, colours: most, effort: 10, dither: 0.4 }).toBuffer();
  return { png, kB: Math.round(png.length / 1000) };
}

function rowOf(terminal, y, columns) {
  const line = terminal.buffer.active.getLine(y);
  const cells = [];
  for (let x = 0; x < columns; x++) {
    const one = line.getCell(x);
    if (one.getWidth() > 0) cells.push({ x, y, wide: one.getWidth(), ...lookOf(one) });
  }
  return cells;
}

function lookOf(one) {
  const colours = [colourOf(one, 'Fg') ?? foreground, colourOf(one, 'Bg')];
  const [front, back] = one.isInverse() ? [colours[1] ?? background, colours[0]] : colours;
  return { sign: one.getChars(), front, back, bold: !!one.isBold(), dim: !!one.isDim() };
}

function colourOf(one, part) {
  if (one[`is${part}Default`]()) return undefined;
  const value = one[`get${part}Color`]();
  return one[`is${part}RGB`]() ? `#${value.toString(16).padStart(6, '0')}` : ofPalette(value);
}

function ofPalette(number) {
  if (number < 16) return own[number];
  if (number >= 232) return rgb(Array(3).fill(8 + (number - 232) * 10));
  const at = number - 16;
  return rgb([Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map((step) => steps[step]));
}

function rgb(parts) {
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** Blocks are drawn as what they are: in no font do they fill their cell. */
const blocks = { '▀': [0, 0.5], '▄': [0.5, 0.5], '█': [0, 1] };

function drawn({ x, y, wide, sign, front, back, bold, dim }) {
  const left = x * cell.width;
  const top = y * cell.height;
  const box = (from, part, fill) =>
    `<rect x="${left}" y="${top + Math.round(from * cell.height)}" width="${wide * cell.width}" height="${Math.ceil(part * cell.height)}" fill="${fill}"/>`;
  const behind = back ? box(0, 1, back) : '';
  const block = blocks[sign];
  if (block) return behind + box(...block, front);
  if (sign === '' || sign === ' ') return behind;
  const style = `${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.6"' : ''}`;
  return `${behind}<text x="${left}" y="${top + 14.5}" fill="${front}"${style}>${escaped(sign)}</text>`;
}

function escaped(text) {
  return text.replace(/[&<>]/g, (sign) => `&#${sign.codePointAt(0)};`);
}
