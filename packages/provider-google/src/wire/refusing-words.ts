// Whether a model that answered in words refuses, or tells of something. There is no field that says so.

/** To make a picture, or to help at all, in English. Of these alone, "I won't draw the queen" is a refusal. */
const making =
  '(?:creat|generat|draw|produc|depict|provid|help|assist|fulfil|comply|process|complet)\\w*\\b(?! (?:but|out|more|conclusions?)\\b)';
/** Verbs that also tell how a picture is made: "I won't show the keel". What they take says whether it is refused. */
const working = '(?:mak|paint|render|edit|modif|show|do|creat|generat|draw|produc|provid)\\w*';
const asked =
  '(?:(?:that|this|it|such|those|these|any|images?|pictures?|photos?|drawings?|portraits?|pornograph\\w*)\\b|(?:\\w+ ){0,4}(?:images?|pictures?|photos?|requests?|prompts?|content)\\b)';
const cannot =
  "(?:can(?:no|['’]?|\\s+no)t|could(?:n['’]t| not)|unable to|not able to|won['’]t|will not|don['’]t|do not|not (?:allowed|permitted) to|refuse to|(?:prefer|rather) not)(?! (?:wait|help but|stop|imagine|see|tell|decide|know|say|find)\\b)";
/** Words between the two, such as "in good conscience". */
const aside = '(?: [^.!?,;:]{0,30}?)?';

/**
 * Of each language a model here answers in, what a refusal has in one sentence. "Cannot" alone is none: a boat cannot sink. It takes
 * who speaks, or an apology or a policy.
 */
const refusals: readonly RegExp[] = [
  // English
  new RegExp(`\\b(?:i|we|the model)\\b[^.!?:]{0,40}\\b${cannot}${aside} (?:${making}|${working} ${asked})`, 'i'),
  new RegExp(`^\\W*(?:sorry\\W+)?${cannot} (?:${making}|${working})[^.!?:]{0,40}\\b${asked}`, 'i'),
  new RegExp(
    `(?:\\bnot|n['’]t) (?:something|an? (?:image|picture)) (?:that )?(?:i|we)\\b[^.!?]{0,20}\\b(?:${making}|${working})`,
    'i',
  ),
  /\b(?:prohibit|prevent|forbid|do(?:es)?(?:n['’]t| not) (?:allow|permit))\w* me\b/i,
  /\b(?:i|we)\b[^.!?]{0,30}\b(?:must|have to|need to) (?:\w+ly )?(?:decline|refuse)\b/i,
  /\b(?:sorry|apologi[sz]e)\b[^.!?]{0,10}\bbut\b/i,
  /\b(?:violat\w+|breach\w*|conflicts? with|goes against|against (?:my|our))\b[^.!?]{0,40}\b(?:polic(?:y|ies)|guidelines?|guardrails?|terms of)\b/i,
  /\b(?:your|this|that|the) (?:requests?|prompts?|content|images?|pictures?|topic)\b[^.!?:]{0,30}\b(?:is|are|was|were|be|been)(?:n['’]t)? (?:not )?(?:\w+ly )?(?:allowed|permitted|prohibited|blocked|rejected)\b(?! to\b| by (?!.{0,12}(?:safety|content|filter|system|moderat|polic)))/i,
  /\b(?:images?|pictures?|requests?|prompts?)\b[^.!?:]{0,60}\b(?:can(?:no|['’])t|could(?: not|n['’]t)) be (?:generated|created|made|drawn|produced|fulfilled|processed|completed)\b/i,
  /\b(?:images?|pictures?) (?:generation|creation)\b[^.!?]{0,20}(?:\bnot|n['’]t) (?:available|supported|possible|allowed)\b/i,
  // Chinese
  /^[^一-鿿]*(?:非常|很|十分|真的|实在|實在|深表)?(?:抱歉|对不起|對不起|不好意思|遗憾|遺憾|恕)(?=$|[^一-鿿]|我|但|[无無][法从從]|[难難][从從]|不能|[您你])(?![，,]?[让讓][您你]久等)/,
  /(?:我|系[统統]|模型)[^。！？，,：]{0,16}(?:[无無]法|不能|不可以|不便|[没沒]有?[办辦]?法|[没沒]有?[学學][会會]|[拒][绝絕])[^。！？，,]{0,12}(?:生成|[创創][作建]|制作|製作|[画畫绘繪](?!面)|提供|[帮幫]|[协協]助|[满滿]足|[处處]理|完成|展示|修改|回[应應])/,
  /我(?:[们們])?不[会會](?:[为為帮幫][您你])?(?:生成|[创創][作建]|制作|製作|提供|[协協]助|[画畫绘繪](?!面|家))/,
  /我[^。！？，,]{0,6}(?:[画畫做帮幫]|生成|完成|[创創][作建]|[处處]理)不(?:了|到|上|成)/,
  /(?:[无無]法|不能|不便)[为為帮幫给給][您你](?:生成|[创創][作建]|[绘繪]|制作|製作|提供|[处處]理|完成|做|[画畫](?!面))/,
  /(?:[无無]法|不能|[拒][绝絕])(?:[为為帮幫][您你])?(?:生成|[创創][作建]|[绘繪][制製]|制作|製作|提供|[处處]理)[^。！？，,]{0,14}(?:[图圖画畫]|[请請]求|[内內]容)/,
  /(?:[图圖][片像]?|[内內]容|[请請]求|作品)[^。！？：]{0,16}(?:[无無]法|不能|不予|未能)(?:被)?(?:生成|[创創][作建]|[绘繪][制製]|提供|[处處]理|[显顯]示)(?=$|[^一-鿿])/,
  /(?:[违違][反背]|不符合|[触觸]犯)[^。！？]{0,20}(?:政策|准[则則]|準則|[规規][定范範]|[条條]款|原[则則]|指南|指引|法律)/,
  /(?:[您你]的|[该該此这這])[^。！？，,：]{0,6}(?:[请請]求|[内內]容|提示[词詞]|[图圖]片)[^。！？，,：]{0,8}(?:不被?允[许許]|被[^。！？，,]{0,4}(?:拒[绝絕]|禁止|[拦攔]截|屏蔽))/,
  /^[请請]求被[^。！？，,]{0,4}拒[绝絕]|(?:未能?|[没沒]有?)通[过過][^。！？，,]{0,8}(?:[审審][核查]|[检檢][测測查])|我[^。！？，,]{0,4}(?:必[须須]|只能|不得不)拒[绝絕]|不[适適]合(?:生成|[创創][作建])/,
  /(?:涉及|包含|含有|涉嫌)[^。！？，,]{0,6}(?:敏感|[违違][规規]|不安全|不[当當]|不[适適]宜)的?(?:信息|[内內]容|元素|[词詞]|主[题題]|$)/,
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
