// Simplified Chinese of what styles, the options of models and the keys of a config say of themselves.

export const zhTables: Readonly<Record<string, string>> = {
  // Styles
  'A photorealistic rendering of a building or room': '建筑或房间的写实效果图',
  'A gentle illustration for a picture book': '温和的绘本插图',
  'A frame of a film, wide and moody': '电影画面，宽幅且有氛围',
  'A panel of a printed comic': '印刷漫画的一格',
  'A photograph on 35 mm colour film': '35 mm 彩色胶片照片',
  'A flat illustration of simple shapes': '简单形状的扁平插画',
  'A monochrome ink wash painting': '单色水墨画',
  'A tidy miniature scene seen from above at an angle': '斜俯视的整洁微缩场景',
  'Black outlines on white': '白底黑线',
  'A faceted 3D rendering of few polygons': '低多边形 3D 渲染',
  'An oil painting with visible brushwork': '笔触明显的油画',
  'Pixel art as of 16-bit games': '16 位游戏风格的像素画',
  'A clean studio photograph of a product': '干净的产品棚拍照片',
  'A die-cut sticker, also good as an icon': '模切贴纸，也适合作图标',
  'A loose watercolour on rough paper': '粗纹纸上的写意水彩',
  'A traditional woodblock print': '传统木版画',

  // Options of models
  'A faint grain of paper over the picture.': '画面上淡淡的纸纹。',
  'A transparent background, which is in preview with this model; some say it makes none':
    '透明背景，该模型尚在预览；有说法称不支持',
  'An SVG drawing, written by a text model that is billed on top': 'SVG 图，由语言模型编写，另行计费',
  'An animated GIF (the account needs preview access)': 'GIF 动画(账户需有预览权限)',
  'Arrows and notes over the first picture: a PNG with alpha, as a data: URL':
    '第一张图像上的箭头和标注: 带 alpha 的 PNG，以 data: URL 表示',
  'Frames of a GIF, 9 unless given; makes it one': 'GIF 的帧数，默认 9；给出即生成 GIF',
  'From where on harassment, hate, sexual and dangerous content is blocked; the picture policy always holds':
    '从何程度起拦截骚扰、仇恨、色情和危险内容；图像政策始终有效',
  'Groups requests in the log of the account': '在账户日志中归组请求',
  'How long the service thinks about the prompt before it draws': '服务绘制前思考提示词的程度',
  'How much that model reasons; makes it one': '该模型的推理程度；给出即采用',
  'How much the model plans ahead; the default is said to be high': '模型预先规划的程度；据称默认为 high',
  'How strictly prompt and picture are moderated': '提示词和图像的审核严格程度',
  'Services in the order in which they are tried, a list of slugs': '依次尝试的服务，slug 列表',
  'Services that are not used, a list of slugs': '不使用的服务，slug 列表',
  'Steps of the sampler': '采样步数',
  'Takes one picture apart: a base and up to 99 transparent layers. Not with background':
    '把一张图像拆开: 底图和最多 99 个透明图层。不能与 background 同用',
  'The model reasons before it draws': '模型绘制前先推理',
  'The picture is line art already': '图像已是线稿',
  'The pictures form one series': '图像组成一个系列',
  'The service rewrites the prompt first (3–4 s more); what it drew is in revisedPrompt where it says so':
    '服务先改写提示词(多 3–4 s)；若有说明，实际内容见 revisedPrompt',
  'The text model that writes the SVG; makes it one': '编写 SVG 的语言模型；给出即生成 SVG',
  'The words "AI generated" in a corner': '角落的 "AI generated" 字样',
  'Time of day, whatever the prompt says.': '一天中的时间，不管提示词怎么说。',
  'Time of each frame of a GIF in ms, rounded to 10, 200 unless given; makes it one':
    'GIF 每帧的毫秒数，取整到 10，默认 200；给出即生成 GIF',
  'Visible text in a corner of the picture': '图像角落的可见文字',
  'Where the horizon lies: a share of the height, from the top.': '地平线的位置: 占高度的比例，自上而下。',
  'Where the model takes pictures: image_url (one) for FLUX.1 Kontext, reference_images for FLUX.2':
    '模型从何处取图像: FLUX.1 Kontext 用 image_url (一张)，FLUX.2 用 reference_images',
  'Where the request goes, and in which form, if the id of the model does not tell it right':
    '当模型标识不足以判断时，请求发往何处、以何种形式',
  'Whether the next service is tried if one is not there': '某服务不可用时是否尝试下一个',
  'Which service is preferred, where there is no order': '没有指定顺序时优先哪个服务',
  'bbox_list of the service, passed on as it is': '服务的 bbox_list，原样传递',
  'color_palette of the service, passed on as it is: 3–10 colours whose shares add up to 100 %':
    '服务的 color_palette，原样传递: 3–10 种颜色，比例合计 100 %',

  'How files travel: data = inside the request, upload = through the temporary storage of the service, auto = inside unless they are too large or refused there':
    '文件如何传送: data = 放在请求中，upload = 经服务的临时存储，auto = 放在请求中，除非过大或被拒',
  'Visible and hidden mark; false works only on the China host, for accounts that signed the removal statement':
    '可见和隐藏水印；false 仅在中国主机上、对签署了去水印声明的账户有效',
  'How long the model thinks before it draws': '模型绘制前思考的程度',
  'Look things up with Google Search first; costs extra beyond a monthly allowance':
    '先用 Google 搜索查资料；超出每月额度另行收费',

  // Keys of a config
  'What draws when no model is named: provider/model, a provider, or an alias.':
    '未指定模型时用什么绘制: 服务商/模型、服务商或别名。',
  'Own names for models.': '模型的自定义名称。',
  'Own styles: words that --style NAME adds to the prompt.': '自定义风格: --style NAME 加入提示词的词。',
  'The folder for pictures.': '图像文件夹。',
  'Limits on what may be spent. Checked before anything is sent.': '花费限额。在发送之前检查。',
  'The currency of the limits.': '限额的货币。',
  'Most that one request may cost, all its pictures together.': '一次请求(全部图像)的费用上限。',
  'Most that one run of a program may cost.': '程序一次运行的费用上限。',
  'Most that a day may cost, all programs together.': '每天的费用上限，所有程序合计。',
  'Allow what has no known price. Default: refuse it.': '允许价格未知的。默认: 拒绝。',
  'Other currencies.': '其他货币。',
  'What one unit of this currency is in the currency of the budget, and the day it was.':
    '该货币一个单位折合预算货币的数额，及其日期。',
  'What a call may cost before anyimage-mcp asks the person, where the client can ask. Default: it never asks.':
    '调用费用超过多少时 anyimage-mcp 询问用户(客户端支持时)。默认: 不询问。',
  '0: whatever costs anything.': '0: 只要收费就询问。',
  'The currency of the amount.': '金额的货币。',
  'The largest picture that is taken, bytes; default 64 MiB.': '接受的最大图像，字节；默认 64 MiB。',
  'The version of the form of the config.': '配置格式的版本。',
  'Settings that hold together, over the others while the profile is in use. Only in the config of a person.':
    '一组设置，使用该 profile 时优先于其他设置。只能在个人配置中。',
  'The profile in use, where --profile and ANYIMAGE_PROFILE name none.':
    '未用 --profile 和 ANYIMAGE_PROFILE 指定时使用的 profile。',
  'Whether the command line asks, at a terminal, before a model that costs draws for the first time. Default: once.':
    '在终端中，收费模型首次使用前是否询问。默认: once。',
  'How the command line shows pictures that were made, at a terminal. Default: auto, as the terminal can.':
    '在终端中如何显示生成的图像。默认: auto，按终端能力。',
  'How a provider is reached; with a kind, a provider more.': '如何访问服务商；有 kind 时则是新增的服务商。',
  'Where the service is reached. It is sent the key.': '服务的地址。密钥会发往那里。',
  "One of the provider's regions.": '服务商的区域之一。',
  'What kind of server it is, where the id is not that of a known provider.': '服务器的种类，当标识不是已知服务商时。',
  "The service's language model, which translates and enhances prompts.": '服务的语言模型，用于翻译和丰富提示词。',
  'Further headers, for a gateway or an organisation. They go where the key goes, and are never shown.':
    '额外的请求头，用于网关或组织。与密钥发往同处，从不显示。',
  'The model that is meant by the id alone. Like all below, only beside a kind.':
    '只写标识时所指的模型。与以下各项一样，只与 kind 同用。',
  'The name that people are shown.': '显示的名称。',
  'The environment variable for the key, never the key itself.': '存放密钥的环境变量，不是密钥本身。',
  'Networks besides the public internet that URLs of pictures may lead to.': '除公网外，图像 URL 可指向的网络。',
  'Whether newer tables of models are fetched by themselves, once a week, beside a call. Default: never.':
    '是否每周随调用自动获取更新的模型表。默认: never。',
  'The HTTP proxy, where the environment names none.': 'HTTP 代理，环境变量未指定时使用。',
  'Models of your own: rows that no table has, or other rows in place of those.':
    '自定义模型: 表中没有的行，或代替表中的行。',
  'The id of a model of the same provider, whose row this one changes.': '同一服务商的模型标识，在其基础上更改。',
};
