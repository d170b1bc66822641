// The colours a prompt can name. Add words freely; a word belongs to one colour.

/** Colour id -> its value and its words, English and Chinese. */
export const colours = {
  red: { hex: '#d8292f', words: 'red, scarlet, ruby, vermilion, 红, 红色, 大红, 朱红, 鲜红, 紅, 紅色' },
  crimson: { hex: '#a31f3d', words: 'crimson, burgundy, maroon, wine red, 深红, 酒红, 绯红' },
  orange: { hex: '#f0802b', words: 'orange, tangerine, amber, 橙, 橙色, 橘色, 橘红, 橙红, 橘黄' },
  yellow: { hex: '#f4c62f', words: 'yellow, lemon, 黄, 黄色, 鹅黄, 黃, 黃色' },
  gold: { hex: '#d9a531', words: 'gold, golden, 金, 金色, 金黄, 金黄色' },
  green: { hex: '#3b9a4b', words: 'green, lime, 绿, 绿色, 碧绿, 翠绿, 草绿, 綠, 綠色' },
  emerald: { hex: '#0f8a68', words: 'emerald, jade, 翡翠, 墨绿, 深绿' },
  teal: { hex: '#178a94', words: 'teal, turquoise, cyan, aqua, 青, 青色, 蓝绿, 青绿' },
  blue: { hex: '#2a66c8', words: 'blue, azure, cobalt, 蓝, 蓝色, 湛蓝, 蔚蓝, 天蓝, 浅蓝, 藍, 藍色' },
  navy: { hex: '#1e3566', words: 'navy, indigo, dark blue, 深蓝, 藏青, 靛蓝, 海军蓝' },
  purple: { hex: '#7d49b3', words: 'purple, violet, plum, 紫, 紫色, 深紫' },
  lavender: { hex: '#a98fd6', words: 'lilac, mauve, 淡紫, 浅紫' },
  pink: { hex: '#ee86a8', words: 'pink, rose, salmon, coral, magenta, 粉, 粉色, 粉红, 粉红色, 玫瑰色, 桃红' },
  brown: { hex: '#8a5a36', words: 'brown, chestnut, chocolate, bronze, tan, 棕, 棕色, 褐色, 咖啡色' },
  white: { hex: '#f7f4ec', words: 'white, ivory, cream, snow-white, 白, 白色, 雪白, 洁白, 米白' },
  gray: { hex: '#8b9099', words: 'gray, grey, silver, 灰, 灰色, 银, 银色' },
  black: { hex: '#26262c', words: 'black, ebony, 黑, 黑色, 漆黑' },
} as const satisfies Record<string, { hex: string; words: string }>;

/** The id of a colour. */
export type ColourId = keyof typeof colours;
