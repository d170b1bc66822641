import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusesInWords } from './refusing-words.ts';

const refusing = [
  "I'm sorry, I cannot make that picture.",
  'I can’t create images of real people.',
  "I can't help with that.",
  'Unfortunately, I am unable to generate this image.',
  "I'm not able to fulfill this request.",
  'Unable to generate the image you asked for.',
  'I must decline.',
  "I won't draw that.",
  "Sorry, but that isn't something for me.",
  'This request violates our content policy.',
  'Such a picture goes against my safety guidelines.',
  'The content of this prompt is not allowed.',
  'A lovely idea! However, we cannot produce pictures of this kind.',
  '抱歉，这张图片不适合。',
  '非常抱歉，这个主题我帮不上忙。',
  '很遗憾，您的要求不合适。',
  '对不起，换一个主题吧。',
  '我无法生成这张图片。',
  '我不能为您画这样的画。',
  '我没办法帮你完成这个请求。',
  '我们拒绝提供此类内容。',
  '无法为您生成该图像。',
  '这违反了我们的内容政策。',
  '您的请求不被允许。',
  '恕难从命。',
  '很抱歉，我無法繪製這張圖。',
  '對不起，這個請求違反了使用規範。',
  '申し訳ありませんが、その画像は作れません。',
  'この画像を生成することはできません。',
  '죄송합니다. 다른 주제를 알려 주세요.',
  '이 이미지는 생성할 수 없습니다.',
  'Ich kann dieses Bild leider nicht erstellen.',
  'Je ne peux pas créer cette image.',
  'No puedo generar esta imagen.',
  'Não posso criar esta imagem.',
  'Non posso generare questa immagine.',
  'Я не могу создать это изображение.',
];

const telling = [
  'A paper boat is a small boat folded from paper.',
  "A boat that can't sink, on a lake at dawn.",
  "I can't wait to see what you draw with this!",
  'I can’t help but smile at this idea of showing a boat.',
  'The knight cannot see the dragon, which makes the scene tense.',
  "A man who won't give up stands against the wind.",
  'The ship leans against the harbour wall under a red sky.',
  'A painting that violates the rules of perspective.',
  'We are not able to see the far shore in this scene.',
  'I would place the boat left of centre. It should not touch the frame.',
  'Which style do you want: watercolour or ink?',
  '这艘船无法沉没，静静地停在湖面上。',
  '他不能停下脚步，身后是雪山。',
  '画面中，一只猫在看不能飞的鸟。',
  '黎明时分的纸船，水面上没有风。',
  '他说：我不能没有你。',
  '孩子们不能画画，只能看着窗外。',
  '飛べない鳥が湖のほとりに立っている。',
  '날 수 없는 새가 호숫가에 서 있다.',
  'Ein Boot, das nicht sinken kann, auf einem See.',
  'Un bateau qui ne peut pas couler.',
  'Un barco que no puede hundirse.',
];

describe('the words of a model', () => {
  test.each(refusing)('refuse: %s', (text) => {
    expect(refusesInWords(text)).toBe(true);
  });

  test.each(telling)('tell of something: %s', (text) => {
    expect(refusesInWords(text)).toBe(false);
  });

  test('refuse wherever the sentence stands among others', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...telling), { maxLength: 4 }),
        fc.constantFrom(...refusing),
        fc.array(fc.constantFrom(...telling), { maxLength: 4 }),
        (before, refusal, after) => {
          expect(refusesInWords([...before, refusal, ...after].join('\n'))).toBe(true);
          expect(refusesInWords([...before, ...after].join(' '))).toBe(false);
        },
      ),
    );
  });
});
