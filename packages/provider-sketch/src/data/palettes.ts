// The light of each time of day. Every time has a few palettes; the seed picks one. Colours are `#rrggbb`.

import type { Season, Time } from './moments.ts';

/** The colours of one moment of the day. */
export interface Palette {
  /** From the zenith to the horizon, evenly spaced. */
  readonly sky: readonly string[];
  /** Around the sun or moon and along the horizon below it. */
  readonly glow: string;
  /** The disc of the sun (by night, the moon). */
  readonly disc: string;
  readonly cloudLight: string;
  readonly cloudShade: string;
  /** What far things fade into. */
  readonly haze: string;
  /** The land nearest to the eye, before its own colour. */
  readonly shade: string;
  /** Water at the horizon and at the foot of the picture. */
  readonly water: readonly [far: string, near: string];
  /** The light that falls on things, and how much it takes over their own colour (0–1). */
  readonly light: string;
  readonly lightShare: number;
  /** How brightly windows and lamps burn, 0–1. */
  readonly lamps: number;
}

/** Time of day -> palettes. */
export const palettes: Readonly<Record<Time, readonly Palette[]>> = {
  dawn: [
    {
      sky: ['#3c4f86', '#7a78b0', '#c795b4', '#f3b7a4', '#fde0b8'],
      glow: '#ffe2b0',
      disc: '#fff3d6',
      cloudLight: '#ffd2bd',
      cloudShade: '#a98bb4',
      haze: '#d3a6b4',
      shade: '#3d4166',
      water: ['#f6c6ab', '#4a5488'],
      light: '#e8a79c',
      lightShare: 0.2,
      lamps: 0.35,
    },
    {
      sky: ['#3f7197', '#7faabb', '#c4cfc6', '#f4d9ba', '#ffe9c9'],
      glow: '#fff0cf',
      disc: '#fffaf0',
      cloudLight: '#fff0dc',
      cloudShade: '#a3b7c0',
      haze: '#b7c6c8',
      shade: '#2f4f60',
      water: ['#eed9bf', '#41718a'],
      light: '#cbb8a2',
      lightShare: 0.17,
      lamps: 0.25,
    },
  ],
  day: [
    {
      sky: ['#1f72c4', '#4c9be0', '#8cc6ef', '#cfe9f7'],
      glow: '#fffbe6',
      disc: '#fffdf0',
      cloudLight: '#ffffff',
      cloudShade: '#b5cfe3',
      haze: '#a8cbe2',
      shade: '#2b5566',
      water: ['#93cfe4', '#14669b'],
      light: '#fff6dd',
      lightShare: 0.06,
      lamps: 0,
    },
    {
      sky: ['#2784b4', '#5cb4cf', '#a5d9da', '#eef0d8'],
      glow: '#fff6d2',
      disc: '#fffbea',
      cloudLight: '#fffdf4',
      cloudShade: '#b0d0cf',
      haze: '#b2d3cd',
      shade: '#28585a',
      water: ['#b3dfd6', '#1d7788'],
      light: '#fff1cf',
      lightShare: 0.07,
      lamps: 0,
    },
  ],
  sunset: [
    {
      sky: ['#2b3564', '#6a4583', '#bd5577', '#f28657', '#ffcb72'],
      glow: '#ffe397',
      disc: '#fff0b8',
      cloudLight: '#ffab72',
      cloudShade: '#8d4c78',
      haze: '#c96f74',
      shade: '#33254a',
      water: ['#f79b60', '#352b58'],
      light: '#e2643f',
      lightShare: 0.24,
      lamps: 0.55,
    },
    {
      sky: ['#47315f', '#91426a', '#d95c54', '#f99e4f', '#ffe08f'],
      glow: '#ffeaa6',
      disc: '#fff4cc',
      cloudLight: '#ffc07a',
      cloudShade: '#9c4a63',
      haze: '#d9765f',
      shade: '#3d2440',
      water: ['#fbb068', '#4b2c55'],
      light: '#ea7a3c',
      lightShare: 0.22,
      lamps: 0.5,
    },
  ],
  dusk: [
    {
      sky: ['#151d40', '#2c3670', '#5b4b89', '#a3688f', '#e89a80'],
      glow: '#f7b48c',
      disc: '#fbe3c8',
      cloudLight: '#b57a9c',
      cloudShade: '#3f3a70',
      haze: '#6d5789',
      shade: '#1b1d40',
      water: ['#c58192', '#191f48'],
      light: '#3e3a78',
      lightShare: 0.36,
      lamps: 0.85,
    },
    {
      sky: ['#0f2340', '#1f4468', '#4a6f8c', '#a08ca0', '#ecb490'],
      glow: '#fbc79d',
      disc: '#fdeed6',
      cloudLight: '#9d93ab',
      cloudShade: '#2d4a69',
      haze: '#5b7390',
      shade: '#13263f',
      water: ['#c9a299', '#122c4c'],
      light: '#2c4a70',
      lightShare: 0.36,
      lamps: 0.85,
    },
  ],
  night: [
    {
      sky: ['#050a20', '#0b1740', '#172c63', '#2d4a80'],
      glow: '#a9c3f2',
      disc: '#f6f1dc',
      cloudLight: '#3d568c',
      cloudShade: '#14244f',
      haze: '#24396c',
      shade: '#080f29',
      water: ['#32507f', '#060d26'],
      light: '#0f1c48',
      lightShare: 0.52,
      lamps: 1,
    },
    {
      sky: ['#030f1c', '#06233a', '#0d4154', '#22646f'],
      glow: '#a8dcd8',
      disc: '#f4f3e2',
      cloudLight: '#35697a',
      cloudShade: '#0a2d3e',
      haze: '#1b4c5b',
      shade: '#051724',
      water: ['#2b6a74', '#041320'],
      light: '#092c40',
      lightShare: 0.52,
      lamps: 1,
    },
  ],
};

/** What grows and lies on the ground in each season. */
export const seasonColours: Readonly<
  Record<Season, { readonly leaves: readonly string[]; readonly grass: string; readonly petals: readonly string[] }>
> = {
  spring: {
    leaves: ['#8cbf56', '#6fae57', '#a5c85f'],
    grass: '#83b455',
    petals: ['#f6c9d8', '#fff2b8', '#f3a4bd', '#ffffff'],
  },
  summer: {
    leaves: ['#3f7f46', '#4f8f4a', '#2f6b45'],
    grass: '#6a9e4b',
    petals: ['#e8483f', '#f7c948', '#ffffff', '#b07ad1'],
  },
  autumn: {
    leaves: ['#d2691e', '#c8472b', '#e0a030'],
    grass: '#b99a4a',
    petals: ['#e0a030', '#c8472b', '#f0d9a0'],
  },
  winter: {
    leaves: ['#e6eef4', '#d5e2ec', '#f4f8fb'],
    grass: '#e9f0f6',
    petals: ['#ffffff', '#dfeaf3'],
  },
};
