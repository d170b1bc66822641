// The small words around the subjects: how many, how large, where a phrase ends, what is not wanted.

/** How many -> words, English and Chinese. */
export const countWords: Readonly<Record<number, string>> = {
  1: 'one, 1, single, lone, lonely, solitary, 一, 一只, 一艘, 一座, 一棵, 一个, 一条, 孤独的, 一叶, 一轮, 孤',
  2: 'two, 2, pair of, couple of, 两, 二, 两只, 两艘, 两座, 两棵, 两个, 一对',
  3: 'three, 3, several, few, some, 三, 三只, 三艘, 三座, 三棵, 三个, 几只, 几艘, 几座, 几棵, 几个, 几',
  4: 'four, 4, 四, 四只, 四艘, 四座, 四棵, 四个',
  5: 'five, 5, group of, 五, 五只, 五艘, 五座, 五棵, 五个',
  6: 'six, 6, 六, 六只, 六艘',
  7: 'seven, 7, many, lot of, fleet of, flock of, row of, 七, 许多, 很多, 一群, 一排, 成群, 群',
  8: 'eight, 8, 八, 八只',
  9: 'nine, ten, 9, 10, dozen, hundred, countless, 九, 十, 无数, 数不清, 数不胜数, 数十, 满天',
};

/** How large -> words; 1 is the usual size. */
export const scaleWords: readonly (readonly [scale: number, words: string])[] = [
  [1.5, 'huge, giant, enormous, gigantic, massive, 巨大, 巨型, 庞大'],
  [1.28, 'big, large, tall, great, 大, 高大'],
  [0.72, 'small, little, 小, 小小'],
  [0.5, 'tiny, distant, far away, 微小, 远处, 遥远'],
];

/** Words of place and time: a colour before one does not belong to what follows it. English ones end a negation ("no boats at night"). */
export const prepositions =
  'at, in, on, under, over, with, by, near, beside, behind, above, below, beneath, during, while, where, against';
export const placeWords = '在, 下, 上, 里, 中, 旁, 边, 映';

/**
 * Words that turn what follows into what is not wanted. What is unwanted goes on up to the end of the phrase ("不要海上的船"); what is
 * lacking ends at 的 as well ("没有云的天空"). What something is not or does not is only what stands directly next to the word: "never
 * night" refuses the night, "never sleeps at night" and "不怕狗" nothing.
 */
export const notWords = {
  unwanted:
    "neither, nor, don't, dont, do not, shouldn't, should not, mustn't, must not, never draw, never paint, never add, never put, never show, never make, avoid, except, exclude, excluding, instead of, rather than, remove, delete, erase, get rid of, 不要, 不画, 不加, 不需要, 不想要, 别画, 别加, 别变, 别让, 别把, 别有, 勿, 去掉, 删除, 移除, 擦除",
  lacking: "no, without, lacking, free of, doesn't have, does not have, 没有, 不带, 不含, 不包含, 不包括",
  adjacent:
    "not, never, isn't, isnt, aren't, wasn't, won't, wouldn't, cannot, can't, couldn't, doesn't, doesnt, didn't, that don't, who don't, which don't, that do not, who do not, which do not, 不, 无, 不是, 并非",
} as const satisfies Record<string, string>;

/** A kind of negation. */
export type NotKind = keyof typeof notWords;

/** Words with a "not" in them that negate nothing. "never-ending" and 不老 need not stand here: there nothing is next to the "not". */
export const affirmativeWords =
  "not only, not just, no matter, no doubt, without doubt, without a doubt, not far, not without, no fewer than, not fewer than, no less than, not less than, no more than, not more than, don't forget, do not forget, don't miss, do not miss, 不要忘记, 不要忘了, 不要忘, 勿忘, 不仅, 不但, 不只, 不止, 不同, 不断, 不远, 不错, 不少, 不夜, 无边, 无际, 无尽, 无限, 无垠, 无比, 无名, 无声, 无瑕, 无人机, 无花果, 无家";

/** Words that may stand between a "not" and what it refuses ("not a cat", "不太红"). */
export const fillerWords =
  'any, even, again, be, it, its, this, that, very, too, so, such, really, quite, 很, 太, 那么, 这么, 再, 有, 骑, 划, 养, 遛, 看, 赏, 观, 种, 坐, 乘, 喂, 登, 爬, 滑';

/** After "and" they begin something new: "no clouds and the sea". */
export const articleWords = 'a, an, the';

/** Words between the items of a list. */
export const andWords = 'and, &, 和, 与, 及, 以及';
export const orWords = 'or, 或, 或者';

/** Words that say what is wanted instead: they end a negation. */
export const butWords = 'but, instead, only, just, 而是, 但, 但是, 只有, 只要, 只画';

/** Words that begin an instruction: they end a negation that has named something ("remove the boat and add a balloon"). */
export const doWords =
  'add, draw, paint, put, show, make, turn, change, keep, more, 加, 加上, 添加, 画, 画上, 变成, 改成, 换成, 更多';

/** Words that ask for less of the look after them, or at the end of a phrase before them ("蓝色少一点"). */
export const lessWords =
  'less, reduce, decrease, lower, tone down, not so, not too, not as, not that, too much, 少一点, 少一些, 少点, 减少, 降低, 减弱, 不那么, 不要那么, 没那么, 别太';

/** What lies between an attribute and its noun in Chinese. */
export const attributeWords = '的';

/** Colours of something that is to be of any colour but the refused ones; the first that is allowed. */
export const otherColours = ['white', 'blue', 'yellow'] as const;
