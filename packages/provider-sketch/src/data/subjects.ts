// What can be drawn, and the words that ask for it. A word may stand under several ids ("moonlit" asks for the moon and for
// night). English words are given in the singular; "sailing boat" and "帆船" are both fine. Add words freely.

/** Subject id -> comma-separated words, English and Chinese. */
export const subjectWords = {
  // places
  sea: 'sea, ocean, seaside, seascape, bay, harbor, harbour, port, coast, beach, wave, tide, shore, pier, 海, 大海, 海洋, 海边, 海上, 海面, 海滩, 沙滩, 海浪, 海港, 港口, 港湾, 湖海',
  lake: 'lake, pond, lagoon, reservoir, water, fjord, 湖, 湖水, 湖泊, 湖面, 湖边, 池塘, 水面, 水',
  river: 'river, stream, creek, brook, 河, 河流, 小河, 江, 溪, 小溪, 溪流',
  mountain:
    'mountain, peak, alp, summit, cliff, volcano, range, 山, 高山, 雪山, 山峰, 山脉, 群山, 大山, 远山, 青山, 山水, 火山',
  hill: 'hill, valley, dune ridge, 小山, 山丘, 丘陵, 山坡, 山谷',
  forest: 'forest, wood, woodland, jungle, grove, taiga, 森林, 树林, 丛林, 林子, 林间, 松林, 竹林, 林, 樹林',
  field:
    'field, meadow, grassland, prairie, pasture, farm, farmland, grass, lawn, garden, park, steppe, countryside, 田野, 田, 麦田, 稻田, 草地, 草原, 草坪, 原野, 农田, 乡村, 花园, 公园, 牧场',
  desert: 'desert, dune, sahara, 沙漠, 沙丘, 戈壁, 大漠',
  city: 'city, town, skyline, skyscraper, downtown, street, metropolis, cityscape, building, tower block, 城市, 都市, 城, 城镇, 街道, 街头, 街, 高楼, 大厦, 摩天大楼, 楼',
  space:
    'space, outer space, cosmos, universe, nebula, galaxy, asteroid, astronaut, 宇航员, 太空, 宇宙, 星云, 银河系, 外太空, 星际',
  planet: 'planet, saturn, mars, jupiter, neptune, venus, exoplanet, 行星, 土星, 火星, 木星, 星球, 海王星, 金星',
  // in the sky
  sky: 'sky, heaven, 天空, 天, 蓝天, 天际',
  sun: 'sun, sunshine, sunlight, sunny, 太阳, 阳光, 日头, 红日, 晴天',
  moon: 'moon, moonlight, moonlit, crescent, full moon, 月亮, 月, 月光, 明月, 满月, 圆月, 弯月, 月夜, 新月, 月球',
  stars: 'star, starry, starlight, milky way, constellation, starlit, 星星, 星空, 星, 繁星, 群星, 银河, 星光, 星夜',
  cloud: 'cloud, cloudscape, 云, 白云, 云朵, 乌云, 云彩, 彩云, 晚霞, 雲',
  rainbow: 'rainbow, 彩虹, 虹',
  aurora: 'aurora, northern light, polar light, 极光, 北极光',
  bird: 'bird, seagull, gull, swallow, goose, geese, crane, crow, eagle, flock, 鸟, 小鸟, 飞鸟, 海鸥, 燕子, 大雁, 雁, 鹤, 白鹤, 鸟儿, 鳥, 乌鸦, 鹰',
  balloon: 'balloon, hot air balloon, hot-air balloon, airship, 气球, 热气球, 氣球',
  // on the water
  sailboat:
    'sailboat, sailing boat, sail boat, yacht, sailing ship, ship, schooner, dinghy, regatta, 帆船, 帆, 游艇, 船帆',
  paperboat: 'paper boat, origami boat, paper ship, 纸船, 小纸船, 折纸船',
  boat: 'boat, rowboat, rowing boat, canoe, kayak, gondola, fishing boat, wooden boat, ferry, 船, 小船, 渔船, 木船, 小舟, 舟, 扁舟, 独木舟',
  whale: 'whale, orca, 鲸, 鲸鱼',
  // on the land
  house:
    'house, cottage, cabin, hut, barn, home, farmhouse, village, chalet, 房子, 房屋, 小屋, 木屋, 屋, 农舍, 村庄, 村子, 家, 小房子',
  lighthouse: 'lighthouse, light house, beacon, 灯塔, 燈塔',
  windmill: 'windmill, mill, 风车, 風車',
  castle: 'castle, fortress, palace, 城堡, 宫殿, 古堡',
  tent: 'tent, campsite, camp, camping, 帐篷, 露营',
  tree: 'tree, oak, maple, birch, willow, elm, 树, 大树, 橡树, 枫树, 柳树, 树木, 樹',
  blossom:
    'cherry tree, cherry blossom, blossom, blossom tree, blossoming tree, sakura, plum tree, peach tree, 樱花, 樱花树, 桃花, 梅花, 桃树',
  pine: 'pine, fir, spruce, conifer, christmas tree, cedar, evergreen, 松树, 松, 杉树, 冷杉, 圣诞树',
  palm: 'palm, palm tree, coconut tree, tropical, island, 棕榈, 棕榈树, 椰子树, 椰树, 热带, 海岛, 岛, 小岛',
  cactus: 'cactus, cacti, 仙人掌',
  flower:
    'flower, tulip, poppy, daisy, wildflower, sunflower, lavender, rose garden, 花, 花朵, 野花, 花海, 郁金香, 向日葵, 薰衣草, 鲜花',
  pagoda: 'pagoda, temple, shrine, 宝塔, 塔, 寺庙, 庙, 寺, 古塔',
  tower: 'tower, eiffel tower, radio tower, 铁塔, 埃菲尔铁塔, 高塔',
  mushroom: 'mushroom, toadstool, fungus, 蘑菇, 菌菇',
  snowman: 'snowman, snow man, 雪人',
  // animals
  cat: 'cat, kitten, kitty, 猫, 小猫, 猫咪, 貓',
  dog: 'dog, puppy, hound, retriever, 狗, 小狗, 犬, 狗狗',
  fox: 'fox, foxes, 狐狸, 小狐狸, 狐',
  rabbit: 'rabbit, bunny, hare, 兔子, 兔, 小兔子',
  panda: 'panda, panda bear, giant panda, 熊猫, 大熊猫, 貓熊, 熊貓',
  bear: 'bear, grizzly, polar bear, 熊, 北极熊, 棕熊',
  horse: 'horse, pony, stallion, mare, 马, 小马, 骏马',
  deer: 'deer, stag, reindeer, elk, moose, doe, 鹿, 小鹿, 驯鹿, 麋鹿',
  cow: 'cow, bull, cattle, ox, 牛, 奶牛, 水牛',
  sheep: 'sheep, lamb, goat, 羊, 绵羊, 小羊, 山羊',
  camel: 'camel, caravan, dromedary, 骆驼',
  elephant: 'elephant, 大象, 象, 小象',
  penguin: 'penguin, 企鹅',
  owl: 'owl, 猫头鹰',
  turtle: 'turtle, tortoise, 乌龟, 海龟, 龟',
  dinosaur: 'dinosaur, brontosaurus, 恐龙',
  butterfly: 'butterfly, moth, 蝴蝶',
  swan: 'swan, duck, 天鹅, 鸭子, 鸭, 小鸭',
  dolphin: 'dolphin, 海豚',
  // what people make
  rocket: 'rocket, spaceship, spacecraft, space ship, shuttle, 火箭, 飞船, 宇宙飞船',
  airplane: 'airplane, aeroplane, plane, aircraft, jet, 飞机, 客机',
  ufo: 'ufo, flying saucer, alien, 飞碟, 外星人, 不明飞行物',
  car: 'car, automobile, taxi, vehicle, 汽车, 车, 小汽车, 轿车, 出租车',
  train: 'train, locomotive, steam engine, railway, 火车, 列车, 铁路',
  robot: 'robot, android, 机器人',
  // people
  person:
    'person, portrait, face, child, children, people, self-portrait, human, someone, 人, 人像, 肖像, 肖像画, 孩子, 小孩, 脸',
  woman:
    'woman, women, girl, lady, queen, princess, mother, grandmother, she, her, 女人, 女孩, 少女, 女子, 女士, 女王, 公主, 姑娘, 美女, 母亲',
  man: 'man, men, boy, king, prince, gentleman, father, grandfather, monk, warrior, 男人, 男孩, 少年, 男子, 男士, 国王, 王子, 父亲',
} as const satisfies Record<string, string>;

/** The id of something that can be drawn. */
export type SubjectId = keyof typeof subjectWords;

/** Subjects that are people, who are drawn in front of everything else. */
export const people: ReadonlySet<SubjectId> = new Set(['person', 'woman', 'man']);

/**
 * Words that stand for something else than the known words in them, and that cannot be drawn. Chinese ones need not stand here: there a
 * word is known by the dictionary.
 */
export const otherWords =
  'sea lion, sea horse, sea otter, sea urchin, sea cucumber, sea star, sea snake, sea monster, sea shell, hot dog, prairie dog, ' +
  'flying fox, red panda, koala bear, teddy bear, water bear, mountain lion, cat fish, dog fish, star fish, sun fish, sail fish, ' +
  'tree frog, star fruit, ice cream, ice cube, moon cake, bird cage, bird house, dog house, house plant, space suit, space station, ' +
  'snow leopard, snow globe, water melon, water bottle, water buffalo, horse shoe, cow boy, orange juice, rainbow trout, turtle neck, rabbit hole';

/** Words for a part of the subject named before: "a boat with red sails" gives the boat a second colour. */
export const partWords = 'sail, hull, roof, wall, door, stripe, band, top, 屋顶, 门, 墙, 条纹';

/** Words for hair, the second colour of a person: of the one named before ("with red hair"), or of the next. */
export const hairWords = { last: 'hair, 头发, 长发, 短发, 发', next: 'haired' } as const;

/** Words that say that something is not there. */
export const withoutWords: Readonly<Partial<Record<SubjectId, string>>> = {
  cloud: 'cloudless, 万里无云',
  moon: 'moonless',
  stars: 'starless',
  tree: 'treeless',
};
