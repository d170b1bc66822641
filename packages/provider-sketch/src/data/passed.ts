// Words that name nothing that could be drawn: without them a report of what is not drawn would be full of grammar. A word that is
// missing here is told as if it were a thing, which is less wrong than a thing that is passed over in silence.

/** Words that end what was said of one thing, besides the prepositions. */
export const boundaryWords = words(
  'of to from into onto through across along around between among amongst inside outside towards toward off up down out past via as like for ' +
    'that which who whose when where because until since before after about per upon within beyond amid is are was were be been being am ' +
    'has have had having do does did can could will would shall should may might must looks look seems seem feels feel becomes become ' +
    'than then so if please let lets want wants need needs there here',
);

/** What a thing follows. */
export const determinerWords = words(
  'my your his her its our their this these those some any each every both another other no all',
);

/** The base forms of verbs that captions have. */
export const verbWords = words(
  'repaint recolor recolour replace swap sit stand lie walk run jump leap fly swim float drift sail ride drive drink eat hold carry wear watch look gaze stare sleep rest rise shine ' +
    'glow glitter sparkle shimmer fall fade grow bloom burn blow play sing dance climb cross chase hunt hide wait read write paint draw make ' +
    'take give bring throw catch fight hug kiss smile laugh cry dream face follow lead enter leave pass cover fill surround reflect tower ' +
    'loom hang swing spin turn move stretch reach touch pull push break build open close show say says prowl roam graze wander hover soar ' +
    'dive perch nest bark howl roar stalk lean bend kneel crawl emerge appear disappear vanish melt freeze pour drip flow crash splash ' +
    'sat stood lay ran flew swam slept rose shone hung drank ate wore held kept led left lit rode sang sank saw set swung took went came ' +
    'grew gave drew drove blew broke built bent caught found made fell',
);

/** Words of pictures, and how things are. */
export const passedWords = words(
  'picture image photo photograph photography photorealistic drawing painting illustration sketch artwork art render rendering scene scenery ' +
    'landscape view panorama background foreground backdrop style look shot close-up closeup closeups wide angle ultra hd uhd 4k 8k 2k resolution ' +
    'quality detail masterpiece best high highly very extremely really hyper super award trending artstation composition perspective depth ' +
    'lens bokeh focus light lights lighting glow color colors colour colours colourful colorful tone tones palette texture atmosphere mood ' +
    'ambience ambiance vibe vibes theme concept design contrast shadow shadows reflection reflections wallpaper portrait horizon distance ' +
    'middle center centre corner front back left right side top bottom edge foot end day time moment kind sort type version piece part ' +
    'it they them he him i me we us you self everything something anything nothing none one ones ' +
    'widescreen same transparent vector film oil ink acrylic pencil chalk logo icon book neon old young new ancient modern wooden bright dark soft warm cold hot cool long short low narrow deep shallow fast slow fine rough smooth ' +
    'wild empty full busy cute pretty nice good great fluffy furry shiny sleepy simple plain elegant delicate vivid pastel muted monochrome ' +
    'minimal minimalist interior exterior abstract classic clean sharp blurry crisp rich pure fresh free open closed alone asleep awake adrift aglow ablaze ' +
    'alive afloat away together apart far close near high beautiful majestic dense thick thin tall round square flat curved tiny big ' +
    'proud brave wise strong weak fat slim sad happy angry lonely lost wet dry dusty muddy rusty mossy sandy rocky grassy leafy sunny snowy ' +
    'golden silver realistic cinematic volumetric isometric gothic baroque rustic nordic tropical magic mystic epic romantic dynamic organic ' +
    'ethereal natural surreal real digital minimalistic symmetrical geometrical magical mystical autumnal centered vertical horizontal',
);

/** Of -ing, -ed and -ly, what is a thing all the same. */
export const thingEndings =
  /^[^aeiouy]*(?:ing|ed|ly)$|(?:ceiling|pudding|wedding|dumpling|duckling|earring|lightning|sibling|sapling|seedling|starling|eed|fly|lily|jelly|family|belly|assembly)$/;

/** Chinese words that are no things: what is done, how it is, and words of pictures. */
export const passedChinese = words(
  '坐在 站在 躺在 飞过 飞翔 漂浮 漂流 奔跑 跑步 行走 走在 游泳 睡觉 睡着 跳舞 唱歌 跳跃 看着 望着 仰望 拿着 抱着 戴着 穿着 骑着 拥抱 微笑 追逐 玩耍 盛开 开放 闪烁 发光 ' +
    '照耀 倒映 倒影 升起 落下 穿过 越过 走过 环绕 围绕 画面 图片 照片 图像 插画 绘画 画 风格 背景 前景 场景 风景 景色 构图 光线 光影 细节 高清 超高清 质感 氛围 色调 色彩 视角 特写 ' +
    '作品 艺术 简约 极简 抽象 美丽 漂亮 可爱 古老 现代 传统 明亮 黑暗 柔和 温柔 寒冷 炎热 干净 简单 复杂 真实 逼真 生动 优雅 华丽 精致 我们 他们 她们 它们 我 你 他 它 自己 大家 时 时候 ' +
    '之间 之中 之上 之下 前面 后面 左边 右边 上面 下面 旁边 附近 中间 中央 一起 一样 飞舞 跳动 飘动 飘浮 奔驰 停在 吃 喝 跑 飞 跳 快 慢 远 近 水墨 水墨画 油画 中国 中式 正在 需要 想要 请 生成 制作 绘制 帮我 给我 一幅 一张 这 那 这个 那个 是 在 把 被 让 给 跟 对 从 到 向 往 着 了 过 地 得 都 也 还 就 又 才 最 更 非常 特别 十分',
);

/** After these a thing is named: a number with a measure. */
export const measureWord = /^[一二两三四五六七八九十几数每这那某]?[只条头匹座艘棵朵个位名张片辆架把幅群双对株杯碗]$/;

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
