// When it is and what the weather is like, and the words that say so.

/** Time of day -> words, English and Chinese. */
export const timeWords = {
  dawn: 'dawn, sunrise, daybreak, early morning, morning, first light, 黎明, 日出, 清晨, 早晨, 拂晓, 破晓, 晨曦, 晨光, 早上',
  day: 'day, daytime, noon, midday, afternoon, daylight, sunny, blue sky, 白天, 中午, 正午, 下午, 午后, 日间, 晴天, 蓝天',
  sunset: 'sunset, evening, golden hour, sundown, setting sun, 日落, 夕阳, 傍晚, 落日, 晚霞, 斜阳',
  dusk: 'dusk, twilight, blue hour, nightfall, gloaming, 黄昏, 暮色, 薄暮, 暮光, 入夜',
  night:
    'night, midnight, moonlit, moonlight, nighttime, nocturne, starry, starlit, 夜, 夜晚, 夜里, 晚上, 深夜, 黑夜, 夜空, 午夜, 夜景, 月夜, 星空, 星夜, 月光, 夜色',
} as const satisfies Record<string, string>;

/** Weather -> words, English and Chinese. */
export const weatherWords = {
  clear: 'clear, cloudless, sunny, 晴, 晴朗, 晴天, 万里无云',
  cloudy: 'cloudy, overcast, gloomy, 多云, 阴天, 阴, 阴云, 乌云',
  rain: 'rain, rainy, drizzle, raining, downpour, shower, 雨, 下雨, 雨天, 大雨, 小雨, 细雨, 雨中, 烟雨',
  storm: 'storm, stormy, thunderstorm, lightning, thunder, tempest, 暴风雨, 风暴, 雷雨, 闪电, 雷电, 暴雨, 打雷',
  snow: 'snowing, snowfall, snowflake, blizzard, snow, snowy, 下雪, 大雪, 雪花, 飘雪, 雪, 雪天, 雪中, 暴雪',
  fog: 'fog, foggy, mist, misty, haze, hazy, 雾, 薄雾, 大雾, 雾气, 云雾, 霧',
} as const satisfies Record<string, string>;

/** Season -> words, English and Chinese. */
export const seasonWords = {
  spring: 'spring, springtime, 春天, 春, 春日, 春季',
  summer: 'summer, 夏天, 夏, 夏日, 夏季',
  autumn: 'autumn, fall, autumnal, 秋天, 秋, 秋日, 秋季, 金秋, 枫叶, 红叶, 秋叶',
  winter:
    'winter, wintry, snow, snowy, snowing, ice, frozen, icy, snow-capped, 冬天, 冬, 冬日, 冬季, 雪, 雪山, 下雪, 大雪, 冰, 雪地, 冰雪, 雪景',
} as const satisfies Record<string, string>;

/** A time of day. */
export type Time = keyof typeof timeWords;
/** A kind of weather. */
export type Weather = keyof typeof weatherWords;
/** A season. */
export type Season = keyof typeof seasonWords;
