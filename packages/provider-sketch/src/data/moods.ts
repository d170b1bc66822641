// Feelings a prompt can name, and what each does to the colours of the whole picture.

import type { Look } from './looks.ts';

/** Mood id -> its words, English and Chinese, and its look. */
export const moods = {
  calm: {
    words: 'calm, peaceful, serene, tranquil, gentle, quiet, still, 宁静, 平静, 安静, 静谧, 恬静',
    contrast: 0.92,
    saturation: 0.86,
    lift: [8, 9, 10],
  },
  happy: {
    words: 'happy, cheerful, joyful, playful, festive, bright colors, colorful, 快乐, 欢快, 喜庆, 开心, 五彩',
    saturation: 1.3,
    gain: [1.05, 1.04, 1.01],
  },
  sad: {
    words: 'sad, melancholy, melancholic, sombre, somber, bleak, sorrow, 悲伤, 忧郁, 忧伤, 凄凉',
    saturation: 0.45,
    gain: [0.84, 0.89, 0.98],
  },
  dreamy: {
    words:
      'dreamy, dream, dreamlike, magical, magic, fairy tale, surreal, ethereal, fantasy, 梦幻, 梦境, 童话, 唯美, 奇幻',
    contrast: 0.9,
    saturation: 1.1,
    gain: [1.05, 0.96, 1.08],
    lift: [14, 4, 18],
  },
  dramatic: {
    words: 'dramatic, epic, intense, majestic, cinematic, 壮丽, 壮观, 史诗, 雄伟, 震撼',
    contrast: 1.25,
    saturation: 1.15,
  },
  eerie: {
    words: 'spooky, eerie, haunted, scary, creepy, mysterious, sinister, horror, 恐怖, 诡异, 神秘, 阴森',
    contrast: 1.12,
    saturation: 0.5,
    gain: [0.68, 0.84, 0.74],
  },
  romantic: {
    words: 'romantic, love, tender, lovely, 浪漫, 爱情, 温柔',
    saturation: 1.08,
    gain: [1.08, 0.95, 0.99],
    lift: [8, 0, 6],
  },
  cosy: {
    words: 'cozy, cosy, homely, snug, 温馨, 温暖, 舒适',
    gain: [1.08, 1, 0.88],
    lift: [8, 3, 0],
  },
  nostalgic: {
    words: 'nostalgic, nostalgia, vintage, retro, old photo, 怀旧, 复古, 老照片',
    contrast: 0.94,
    saturation: 0.5,
    gain: [1.06, 0.97, 0.82],
    lift: [12, 6, 0],
  },
} as const satisfies Readonly<Record<string, Look & { readonly words: string }>>;

/** The id of a mood. */
export type MoodId = keyof typeof moods;
