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
  9: 'nine, ten, 9, 10, dozen, hundred, countless, 九, 十, 无数, 数十, 满天',
};

/** How large -> words; 1 is the usual size. */
export const scaleWords: readonly (readonly [scale: number, words: string])[] = [
  [1.5, 'huge, giant, enormous, gigantic, massive, 巨大, 巨型, 庞大'],
  [1.28, 'big, large, tall, great, 大, 高大'],
  [0.72, 'small, little, 小, 小小'],
  [0.5, 'tiny, distant, far away, 微小, 远处, 遥远'],
];

/** Words that end a phrase: a colour before one does not belong to what follows it. */
export const stopWords =
  'at, in, on, under, over, with, by, near, beside, behind, above, below, beneath, during, while, where, against, 在, 下, 上, 里, 中, 旁, 边, 映';

/** Words that turn what follows, up to the end of the phrase, into what is not wanted. */
export const notWords =
  'no, without, not, except, remove, delete, erase, get rid of, 没有, 无, 不要, 不, 去掉, 删除, 移除, 擦除';
