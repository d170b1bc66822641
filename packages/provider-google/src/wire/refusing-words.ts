// Whether a model that answered in words refuses, or tells of something. There is no field that says so.

/** What is refused, in English: to make or show a picture, or to help at all. */
const making =
  '(?:creat|generat|mak|draw|produc|paint|render|edit|modif|depict|show|provid|help|assist|fulfil|comply|process|complet|do\\b)';
const cannot =
  "(?:can(?:no|['’])t|cannot|unable to|not able to|won['’]t|will not|not (?:allowed|permitted) to|refuse to)(?! (?:wait|help but|stop|imagine))";

/**
 * Of each language a model here answers in, what a refusal has in one sentence. "Cannot" alone is none: a boat cannot sink. It takes
 * who speaks, or an apology or a policy.
 */
const refusals: readonly RegExp[] = [
  // English
  new RegExp(`\\b(?:i|we|the model)\\b[^.!?]{0,40}\\b${cannot}[^.!?]{0,40}\\b${making}`, 'i'),
  new RegExp(`^\\W*(?:sorry\\W+)?(?:${cannot}) ${making}`, 'i'),
  /\b(?:i|we)\b[^.!?]{0,30}\b(?:must|have to|need to) (?:decline|refuse)\b/i,
  /\b(?:sorry|apologi[sz]e)\b[^.!?]{0,10}\bbut\b/i,
  /\b(?:violat\w+|against|breach\w*|conflicts? with)\b[^.!?]{0,40}\b(?:polic(?:y|ies)|guidelines?|terms of)\b/i,
  /\b(?:request|prompt|content|image|picture)\b[^.!?]{0,30}\b(?:not (?:allowed|permitted)|prohibited|blocked|rejected)\b/i,
  // Chinese
  /^[^一-鿿]*(?:非常|很|十分|真的|实在|實在)?(?:抱歉|对不起|對不起|不好意思|遗憾|遺憾|恕)/,
  /(?:我|系[统統]|模型)[^。！？]{0,16}(?:[无無]法|不能|不可以|不会|不會|[没沒](?:有)?(?:办|辦)?法|[拒][绝絕]|不便)[^。！？]{0,12}(?:生成|[创創]作|制作|製作|[画畫绘繪]|提供|[帮幫]|[协協]助|[满滿]足|[处處]理|完成|展示|修改|回[应應])/,
  /(?:[无無]法|不能|[拒][绝絕])(?:[为為帮幫][您你])?(?:生成|[创創]作|[绘繪][制製]|制作|製作|提供|[处處]理)[^。！？]{0,14}(?:[图圖画畫]|[请請]求|[内內]容)/,
  /(?:[违違][反背]|不符合|[触觸]犯)[^。！？]{0,20}(?:政策|准[则則]|準則|[规規][定范範]|[条條]款|原[则則]|指南|指引|法律)/,
  /(?:[请請]求|[内內]容|提示[词詞]|[图圖]片)[^。！？]{0,12}(?:不被?允[许許]|被?[拒][绝絕]|被?禁止)/,
  // Japanese, Korean
  /申し訳|^[\s「]*(?:すみません|ごめんなさい)|(?:生成|作成|描|提供|対応|お手伝い)[^。]{0,12}(?:できません|出来ません|かねます)|お断り/,
  /죄송|(?:생성|만들|그릴|제공|도와)[^.!?]{0,14}(?:수 없|어렵습니다|불가)/,
  // German, French, Spanish, Portuguese, Italian, Russian
  /tut mir leid|\bich\b[^.!?]{0,40}\b(?:kann|darf|werde)\b[^.!?]{0,60}\bnicht\b[^.!?]{0,30}(?:erstell|erzeug|generier|zeichn|malen|helf|bearbeit)/i,
  /\bdésolée?\b|\bje ne (?:peux|puis|suis)\b[^.!?]{0,60}(?:cré|génér|dessin|produi|aid|réalis)/i,
  /\blo siento\b|\bno (?:puedo|podemos)\b[^.!?]{0,40}(?:cre|gener|dibuj|hac|ayud|produc|edit)/i,
  /\bdesculpe\b|\bnão (?:posso|consigo|podemos)\b[^.!?]{0,40}(?:cri|ger|desenh|faz|ajud|produz|edit)/i,
  /\bmi dispiace\b|\bnon posso\b[^.!?]{0,40}(?:cre|gener|disegn|far|aiut|produr|modific)/i,
  /(?:извините|к сожалению)[^.!?]{0,40}не |не (?:могу|можем)[^.!?]{0,40}(?:созда|сгенерир|нарис|помо|выполн)/i,
];

/** A text of a model is a few sentences; of a longer one, the beginning tells. */
const longest = 2000;

/** Whether any sentence of the text refuses. */
export function refusesInWords(text: string): boolean {
  const sentences = text.slice(0, longest).match(/[^.!?。！？\n]+[.!?。！？]*/g) ?? [];
  return sentences.some((sentence) => refusals.some((refusal) => refusal.test(sentence)));
}
