// Words that speak for English, and words and letters that speak against it, in a text of Latin letters. Names are no sign: they keep
// their own language in any other.

export interface Signs {
  /** Different words that are English. */
  readonly english: number;
  /** Different words that are not. */
  readonly foreign: number;
  /** Words that are no names. */
  readonly words: number;
}

const english = words(
  'the of with and at from into near its his her this that very is are by for ' +
    'poster logo photo picture style skyline movie cover sketch drawing painting design background pattern light lights night dog cat ' +
    'house city street red blue green black white old young girl boy woman man people sky sunset forest tree snow rain interior wallpaper ' +
    'street bird fox boat tiny small big dark bright wooden glass',
);

/** Small words of other languages that no English text has, but for names and dishes. */
const foreign = words(
  'ein eine einen einem einer der das dem des und mit auf für von zum zur im bei über vor ist sind aus nach zwischen auf neben ' +
    'un une le la les des du et avec sur dans aux au est sous chez près qui que ' +
    'una uno el los las del con por para sobre bajo junto en entre muy ' +
    'il lo gli di della dello nel nella sul sulla che sotto sopra alla ' +
    'um uma os com em ao na da dos das pelo pela debaixo ' +
    'een het van aan naar uit voor onder boven naast ' +
    'jest nad przy się przez oraz ' +
    'ett och på av som med og et af til mellem ved ' +
    'ja při nebo ve ze és egy az și pe cu lângă sub ' +
    'bir ve ile için yang dan dengan pada atas sebuah seekor untuk amb els kod iznad ispod',
);

/** English words that keep the marks of where they come from. */
const loaned = words(
  'café cafés cafè naïve façade façades crème brûlée jalapeño jalapeños piñata piñatas über résumé cliché décor déjà entrée soufflé sauté ' +
    'fiancé fiancée mâché açaí crêpe crêpes éclair éclairs purée rosé tiramisù matinée fête',
);

/** What stands inside names: Rio de Janeiro. */
const particles = words('de del della di da do dos das du van von der den la le el los las y e bin al');

/** The signs in the words of a text. */
export function countSigns(all: readonly string[]): Signs {
  const isName = (word: string | undefined) => word !== undefined && /^\p{Lu}/u.test(word);
  const hasSmall = all.some((word) => !isName(word));
  const told = all.filter((word, at) => {
    const [before, after] = [all[at - 1], all[at + 1]];
    if (!hasSmall) return true;
    // A text begins with a capital, too; but "La Panadería" is a name.
    if (isName(word)) return at === 0 && !isName(after);
    return !(particles.has(word) && isName(before) && isName(after));
  });
  const different = [...new Set(told.map((word) => word.toLowerCase()))];
  const isForeign = (word: string) => foreign.has(word) || (/[^a-z]/.test(word) && !loaned.has(word));
  return {
    english: different.filter((word) => english.has(word)).length,
    foreign: different.filter(isForeign).length,
    words: told.length,
  };
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
